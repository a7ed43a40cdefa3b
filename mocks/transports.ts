import type { RequestHandler } from 'msw'
import { fetchTransport } from './transports/fetch.ts'
import { httpTransport } from './transports/http.ts'
import { interceptTransport } from './transports/intercept.ts'
import type { OpenedTransport, TransportKind, TransportSetup } from './transports/transport.ts'
import { websocketTransport } from './transports/websocket.ts'

export type { TransportKind, TransportSetup } from './transports/transport.ts'

/** How requests reach the handlers. A further transport is one file in `transports/` and one line here. */
const KINDS = {
  intercept: interceptTransport,
  fetch: fetchTransport,
  http: httpTransport,
  websocket: websocketTransport,
} as const satisfies Record<string, TransportKind>

export type TransportName = keyof typeof KINDS

export const transportNames = Object.keys(KINDS) as readonly TransportName[]

/** The transports for requests over HTTP, which need nothing but handlers. */
export const httpTransportNames = transportNames.filter((name) => KINDS[name].speaks === 'http')

/** The transport that is used unless another is asked for: the fastest. */
export const defaultTransport = 'fetch' satisfies TransportName

/** Returns what a harness has to know of a transport. */
export function describeTransport(name: TransportName): Omit<TransportKind, 'open'> {
  return KINDS[name]
}

export interface Transport extends OpenedTransport {
  name: TransportName
}

/** Opens the named transport over one set of MSW handlers. */
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
  return { ...(await KINDS[name].open(handlers, setup)), name }
}
