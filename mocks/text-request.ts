/**
 * A request whose body is text, read by `text` or `json` as often as wanted, with the caller's own signal. A body
 * stream that nobody reads and a second signal tied to the caller's would be the dearest parts of a short exchange.
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
