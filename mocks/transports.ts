import { getResponse, type RequestHandler } from 'msw'
import { setupServer } from 'msw/node'
import { connectionLost } from './body.ts'
import { serveHandlers } from './http-server.ts'
import { TextRequest } from './text-request.ts'

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
  /** Under `http`: waited for before a request that has arrived is handled. */
  arrival?: () => Promise<void>
  /** Under `fetch` and `http`: what the handlers answer, seen as a fetch function, with something around it. */
  tap?: (real: typeof fetch) => typeof fetch
}

/** Under interception a runtime asks for what its users' do. */
const PUBLIC_BASE_URL = 'https://api.openai.com/v1'

/** Under `fetch` nothing stops a client that was not handed the function, so there is nobody at this address. */
const NOBODY = 'https://conformance.invalid/v1'

/** Opens one of the three transports over one set of MSW handlers. Under `intercept`, make clients afterwards: an older one keeps the unpatched fetch. */
export async function openTransport(
  name: 'fetch',
  handlers: RequestHandler[],
  setup?: TransportSetup,
): Promise<Transport & { fetch: typeof fetch }>
export async function openTransport(
  name: TransportName,
  handlers: RequestHandler[],
  setup?: TransportSetup,
): Promise<Transport>
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
  return { name: 'intercept', baseURL: setup.baseURL ?? PUBLIC_BASE_URL, close: async () => server.close() }
}

function openFetch(handlers: RequestHandler[], setup: TransportSetup): Transport & { fetch: typeof fetch } {
  const fetchFromHandlers: typeof fetch = async (input, init) => {
    const request = requestOf(input, init)
    const response = await untilAborted(getResponse(handlers, request), request.signal)
    if (response === undefined) throw new TypeError('fetch failed', { cause: unknownRequest(request, setup) })
    if (response.type === 'error') throw connectionLost('fetch failed')
    return response
  }
  return {
    name: 'fetch',
    baseURL: setup.baseURL ?? NOBODY,
    fetch: setup.tap?.(fetchFromHandlers) ?? fetchFromHandlers,
    close: async () => {},
  }
}

function requestOf(input: string | URL | Request, init: RequestInit | undefined): Request {
  const body = init?.body
  return typeof body === 'string' ? new TextRequest(input, { ...init, body }) : new Request(input, init)
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
  const unknown = (request: Request) => unknownRequest(request, setup)
  return {
    name: 'http',
    ...(await serveHandlers({
      handlers,
      port: setup.port ?? 0,
      unknown,
      ...(setup.arrival ? { arrival: setup.arrival } : {}),
      ...(setup.tap ? { tap: setup.tap } : {}),
    })),
  }
}
