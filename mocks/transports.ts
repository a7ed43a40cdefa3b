import type { RequestHandler } from 'msw'
import { openFetch } from './transports/fetch.ts'
import { openHttp } from './transports/http.ts'
import { openIntercept } from './transports/intercept.ts'
import type { OpenedTransport, OpenTransport, TransportSetup } from './transports/transport.ts'

export type { TransportSetup } from './transports/transport.ts'

/** How requests reach the handlers. A further transport is one file in `transports/` and one line here. */
const OPENERS = { intercept: openIntercept, fetch: openFetch, http: openHttp } as const satisfies Record<
  string,
  OpenTransport
>

export type TransportName = keyof typeof OPENERS
export const transportNames = Object.keys(OPENERS) as readonly TransportName[]

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
  return { ...(await OPENERS[name](handlers, setup)), name }
}
