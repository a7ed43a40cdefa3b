import { isObject, type JsonObject } from '../../json.ts'
import { parseJsonOrUndefined } from '../../limits.ts'
import type { SeenExchange } from './exchange.ts'

/** The request of a client on a WebSocket, and what the service has answered so far. */
interface OpenExchange {
  body: JsonObject
  /** The events as the data of their messages. */
  events: string[]
  end(seen: SeenExchange): void
}

/** Called when a request begins. `ended` resolves with the whole exchange. */
export type OnExchange = (ended: Promise<SeenExchange>) => void

const TERMINAL: ReadonlySet<unknown> = new Set([
  'response.completed',
  'response.failed',
  'response.incomplete',
  'error',
])

/**
 * Divides the messages of one WebSocket connection into exchanges. An exchange has the form of the request over HTTP that it stands for:
 * `response.create` becomes the body, and each event a frame of an event stream. An error before the first event becomes a refusal.
 * The requests of one lane are answered in order (SERVICE-FACTS 13), so an event belongs to the oldest request of its lane.
 */
export class SocketExchanges {
  readonly #headers: Headers
  readonly #connection: number
  readonly #onExchange: OnExchange
  readonly #onStray: () => void
  readonly #lanes = new Map<unknown, OpenExchange[]>()

  /** `onStray` is called for each message of the service that answers no request. */
  constructor(headers: Headers, connection: number, onExchange: OnExchange, onStray: () => void) {
    this.#headers = headers
    this.#connection = connection
    this.#onExchange = onExchange
    this.#onStray = onStray
  }

  /** Takes a message of the client. Messages that ask for no response are not recorded. */
  hearClient(text: string): void {
    const message = parseJsonOrUndefined(text)
    if (!isObject(message) || message['type'] !== 'response.create') return
    const { type: _, stream_id: lane, ...body } = message
    const { promise, resolve } = Promise.withResolvers<SeenExchange>()
    const open: OpenExchange = { body: { ...body, stream: true }, events: [], end: resolve }
    this.#lanes.set(lane, [...(this.#lanes.get(lane) ?? []), open])
    this.#onExchange(promise)
  }

  /** Takes a message of the service. */
  hearService(text: string): void {
    const message = parseJsonOrUndefined(text)
    const event = isObject(message) ? message : {}
    const lane = event['stream_id'] ?? event['lane']
    const [open] = this.#lanes.get(lane) ?? []
    if (open === undefined) {
      this.#onStray()
      return
    }
    if (event['type'] === 'error' && open.events.length === 0) {
      this.#refuse(lane, open, event)
      return
    }
    const { stream_id: _, ...rest } = event
    open.events.push(isObject(message) && lane !== undefined ? JSON.stringify(rest) : text)
    if (TERMINAL.has(event['type'])) this.#end(lane, open)
  }

  /** Ends all exchanges, because one side has closed the connection. */
  close(cut: 'client' | 'upstream'): void {
    for (const [lane, all] of this.#lanes) for (const open of [...all]) this.#end(lane, open, cut)
  }

  #end(lane: unknown, open: OpenExchange, cut?: 'client' | 'upstream'): void {
    const frames = open.events.map((data) => {
      const event = parseJsonOrUndefined(data)
      const name = isObject(event) && typeof event['type'] === 'string' ? `event: ${event['type']}\n` : ''
      return `${name}data: ${data.replaceAll(/\r\n|\r|\n/g, '\ndata: ')}\n\n`
    })
    const headers = new Headers({ 'content-type': 'text/event-stream; charset=utf-8' })
    this.#tell(lane, open, { status: 200, headers, body: frames.join(''), ...(cut && { cut }) })
  }

  #refuse(lane: unknown, open: OpenExchange, { status, error }: JsonObject): void {
    const headers = new Headers({ 'content-type': 'application/json' })
    const code = typeof status === 'number' && status >= 400 && status <= 599 ? status : 400
    this.#tell(lane, open, { status: code, headers, body: JSON.stringify({ error: error ?? null }) })
  }

  #tell(
    lane: unknown,
    open: OpenExchange,
    {
      status,
      headers,
      body,
      cut,
    }: { status: number; headers: Headers; body: string; cut?: 'client' | 'upstream' },
  ): void {
    this.#lanes.set(
      lane,
      (this.#lanes.get(lane) ?? []).filter((one) => one !== open),
    )
    const bytes = new TextEncoder()
    open.end({
      method: 'POST',
      path: '/responses',
      search: new URLSearchParams(),
      requestHeaders: this.#headers,
      requestBody: bytes.encode(JSON.stringify(open.body)),
      status,
      responseHeaders: headers,
      responseBody: bytes.encode(body),
      socket: { connection: this.#connection, ...(typeof lane === 'string' ? { lane } : {}) },
      ...(cut && { cut }),
    })
  }
}
