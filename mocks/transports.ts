import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getResponse, type RequestHandler } from 'msw'
import { setupServer } from 'msw/node'
import { MAX_BYTES } from './recordings/limits.ts'

/**
 * How requests reach the handlers.
 * `intercept`: MSW's interception of the process's own HTTP, the runtime as its users run it.
 * `fetch`: the handlers as a fetch function, handed to the client; several times faster.
 * `http`: the handlers behind a server on loopback, for any client in any process or language.
 */
export type TransportName = 'intercept' | 'fetch' | 'http'
export const transportNames: readonly TransportName[] = ['intercept', 'fetch', 'http']

export interface Transport {
  name: TransportName
  /** What a client takes as its base URL, without a trailing slash. */
  baseURL: string
  /** Under `fetch` only: the function to hand to the client. */
  fetch?: typeof fetch
  close(): Promise<void>
}

export interface TransportSetup {
  /** The base URL under `intercept` and `fetch`, where no socket decides it. */
  baseURL?: string
  /** A request that no handler knows. It fails or, over `http`, is answered 404; it never reaches the network. */
  onUnknown?(request: { method: string; url: string }): void
  /** The port under `http`; 0, the default, takes a free one. */
  port?: number
}

const DEFAULT_BASE_URL = 'https://api.openai.com/v1'

/** Opens one of the three transports over one set of MSW handlers. Under `intercept`, make clients afterwards: an older one keeps the unpatched fetch. */
export async function openTransport(
  name: TransportName,
  handlers: RequestHandler[],
  setup: TransportSetup = {},
): Promise<Transport> {
  if (name === 'intercept') return openIntercept(handlers, setup)
  if (name === 'fetch') return openFetch(handlers, setup)
  return openHttp(handlers, setup)
}

function unknownRequest(request: { method: string; url: string }, setup: TransportSetup): Error {
  setup.onUnknown?.({ method: request.method, url: request.url })
  const error = new Error(
    `no handler knows ${request.method} ${request.url}: it was stopped before the network`,
  )
  // Only an error with both of these fails the request under interception; any other becomes a response of 500.
  return Object.assign(error, { code: 'ERR_UNKNOWN_REQUEST', errno: 0 })
}

function openIntercept(handlers: RequestHandler[], setup: TransportSetup): Transport {
  const server = setupServer(...handlers)
  server.listen({
    onUnhandledFrame: ({ frame }) => {
      const data = frame.data as { request?: Request; connection?: { client: { url: URL } } }
      throw unknownRequest(
        data.request ?? { method: 'WEBSOCKET', url: String(data.connection?.client.url) },
        setup,
      )
    },
  })
  return { name: 'intercept', baseURL: setup.baseURL ?? DEFAULT_BASE_URL, close: async () => server.close() }
}

function openFetch(handlers: RequestHandler[], setup: TransportSetup): Transport {
  const fetchFromHandlers: typeof fetch = async (input, init) => {
    const request = requestOf(input, init)
    const response = await untilAborted(getResponse(handlers, request), request.signal)
    if (response === undefined) throw new TypeError('fetch failed', { cause: unknownRequest(request, setup) })
    if (response.type === 'error') throw refused()
    return response
  }
  return {
    name: 'fetch',
    baseURL: setup.baseURL ?? DEFAULT_BASE_URL,
    fetch: fetchFromHandlers,
    close: async () => {},
  }
}

function requestOf(input: string | URL | Request, init: RequestInit | undefined): Request {
  const body = init?.body
  return typeof body === 'string' ? new TextRequest(input, { ...init, body }) : new Request(input, init)
}

/**
 * A request whose body is text, read by `text` or `json` as often as wanted, with the caller's own signal. A body
 * stream that nobody reads and a second signal tied to the caller's would be the dearest parts of a short exchange.
 */
class TextRequest extends Request {
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

/** The error of undici's fetch when a connection ends before any response head. */
function refused(): TypeError {
  const cause = Object.assign(new Error('other side closed'), { name: 'SocketError', code: 'UND_ERR_SOCKET' })
  return new TypeError('fetch failed', { cause })
}

/** What `getResponse` lacks: an abort that ends the wait for the head. The body's abort is `bodyOf`'s. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return Promise.reject(signal.reason)
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

async function openHttp(handlers: RequestHandler[], setup: TransportSetup): Promise<Transport> {
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing, handlers, setup).catch(() => outgoing.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(setup.port ?? 0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    name: 'http',
    baseURL: `http://127.0.0.1:${port}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  handlers: RequestHandler[],
  setup: TransportSetup,
): Promise<void> {
  const gone = new AbortController()
  let reader: Reader | undefined
  outgoing.once('close', () => {
    if (outgoing.writableFinished) return
    gone.abort()
    reader?.cancel().catch(() => {})
  })
  const response = await responseTo(incoming, gone.signal, handlers, setup)
  if (response.type === 'error') {
    outgoing.destroy()
    return
  }
  reader = response.body?.getReader()
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  if (reader === undefined) outgoing.end()
  else await send(reader, outgoing)
}

async function responseTo(
  incoming: IncomingMessage,
  signal: AbortSignal,
  handlers: RequestHandler[],
  setup: TransportSetup,
): Promise<Response> {
  const foreign = foreignHost(incoming)
  if (foreign !== undefined) return foreign
  try {
    const request = await received(incoming, signal)
    return (await getResponse(handlers, request)) ?? notFound(unknownRequest(request, setup))
  } catch (error) {
    if (error instanceof TooLarge) return refusal(413, 'request_too_large', error.message)
    throw error
  }
}

type Reader = ReadableStreamDefaultReader<Uint8Array>

async function received(incoming: IncomingMessage, signal: AbortSignal): Promise<Request> {
  const { method = 'GET', url = '/' } = incoming
  const headers = incoming.headers as Record<string, string>
  // Which of the loopback's names the client uses decides nothing: all that arrives here is for the handlers.
  const target = `http://127.0.0.1${url}`
  if (method === 'GET' || method === 'HEAD') return new Request(target, { method, headers, signal })
  return new TextRequest(target, { method, headers, signal, body: await textOf(incoming) })
}

/** Thrown for a body that is larger than any limit of the project. */
class TooLarge extends Error {}

function textOf(incoming: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.byteLength
      if (size <= MAX_BYTES) chunks.push(chunk)
      else reject(new TooLarge(`found a body of more than ${MAX_BYTES} bytes, expected at most that`))
    })
    incoming.on('end', () => resolve(Buffer.concat(chunks).toString()))
    incoming.on('error', reject)
  })
}

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i

/** A page in a browser can reach loopback under a name of its own; it must not ride on this server. */
function foreignHost({ headers: { host = '' } }: IncomingMessage): Response | undefined {
  if (LOOPBACK.test(host)) return undefined
  return refusal(403, 'forbidden_host', 'this server answers to 127.0.0.1 and localhost only')
}

function notFound(error: Error): Response {
  return refusal(404, 'unknown_url', error.message)
}

function refusal(status: number, code: string, message: string): Response {
  return Response.json({ error: { message, type: 'invalid_request_error', param: null, code } }, { status })
}

/** Writes a body as it comes. One that breaks cuts the connection, but not before the socket has what was sent. */
async function send(reader: Reader, outgoing: ServerResponse): Promise<void> {
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read())
      if (!outgoing.write(read.value)) await drained(outgoing)
    outgoing.end()
  } catch {
    do await new Promise((resolve) => setImmediate(resolve))
    while (!outgoing.destroyed && outgoing.writableLength > 0)
    outgoing.destroy()
  }
}

/** A client that goes away drains nothing: its close ends the wait, too. */
function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    outgoing.once('drain', resolve)
    outgoing.once('close', resolve)
  })
}
