/**
 * A request with a text body and the caller's own signal. `text` and `json` can be called many times. A plain Request
 * would create a body stream that nobody reads and a second signal, the most expensive parts of a short exchange.
 */
export class TextRequest extends Request {
  override readonly signal: AbortSignal
  override readonly text: () => Promise<string>
  override readonly json: () => Promise<unknown>
  override readonly clone = () => this

  constructor(input: string | URL | Request, init: RequestInit & { body: string }) {
    const { signal, body, ...rest } = init
    super(input, rest)
    this.signal = signal ?? new AbortController().signal
    this.text = async () => body
    this.json = async () => JSON.parse(body)
  }
}
