import type { RequestHandler } from 'msw'
import type { OpenSocket } from '../socket-server.ts'

/** An open transport: clients can reach the handlers. */
export interface OpenedTransport {
  /** The base URL for clients, without a trailing slash. */
  baseURL: string
  /** The function to hand to the client. Only the transport `fetch` has one. */
  fetch?: typeof fetch
  close(): Promise<void>
}

export interface TransportSetup {
  /** The base URL under `intercept` and `fetch`. Under `http` the socket decides it. */
  baseURL?: string
  /**
   * Called with each request that no handler knows. The request fails or, over `http`, is answered with 404. No unknown
   * request reaches the network.
   */
  onUnknown?(request: { method: string; url: string }): void
  /** The port under `http`. 0, the default, takes a free port. */
  port?: number
  /** Under `http`: opens the WebSockets that clients ask for. Default: none is opened. */
  openSocket?: OpenSocket
  /** Under `http`: awaited for each request that has arrived, before it is handled. */
  arrival?: () => Promise<void>
  /** Under `fetch` and `http`: wraps the handlers, which it sees as a fetch function. */
  tap?: (real: typeof fetch) => typeof fetch
}

/** Opens a transport over one set of MSW handlers. */
export type OpenTransport<Opened extends OpenedTransport = OpenedTransport> = (
  handlers: RequestHandler[],
  setup: TransportSetup,
) => Promise<Opened>

/** A transport: how it is opened, and what a harness has to know to see that a client behind it has nothing left to do. */
export interface TransportKind<Opened extends OpenedTransport = OpenedTransport> {
  open: OpenTransport<Opened>
  /**
   * `held`: everything happens in this process, so a harness may hold the clock. `real`: data crosses a socket, and
   * silence proves nothing until some time has passed.
   */
  time: 'held' | 'real'
  /** Turns of the event loop until an answer that was let through has led to the client's next request. */
  turnsToNextRequest: number
  /** Whether MSW replaces the HTTP of this process. Then the sockets of the process are MSW's. */
  interceptsProcess: boolean
  /** Whether clients use the HTTP of this process, or of another, instead of a function that they were given. */
  usesHttp: boolean
  /** How clients ask for responses. */
  speaks: 'http' | 'websocket'
  /** Whether a client in another process can use it. */
  reachesOtherProcesses: boolean
}

/** Reports a request that no handler knows, and returns the error with which it fails. */
export function reportUnknownRequest(request: { method: string; url: string }, setup: TransportSetup): Error {
  setup.onUnknown?.({ method: request.method, url: request.url })
  const error = new Error(
    `no handler answers ${request.method} ${request.url}. The request was stopped before it reached the network`,
  )
  // Under interception only an error with both fields fails the request. MSW turns any other into a response of 500.
  return Object.assign(error, { code: 'ERR_UNKNOWN_REQUEST', errno: 0 })
}
