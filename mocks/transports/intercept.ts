import type { RequestHandler } from 'msw'
import { setupServer } from 'msw/node'
import {
  type OpenedTransport,
  reportUnknownRequest,
  type TransportKind,
  type TransportSetup,
} from './transport.ts'

/** The base URL of the real service, which a runtime uses by default. */
const PUBLIC_BASE_URL = 'https://api.openai.com/v1'

/**
 * Lets MSW intercept the HTTP requests of this process, so that the runtime runs as its users run it. Make clients after
 * this transport is open: an older client keeps the fetch function that MSW has not replaced.
 */
export const interceptTransport: TransportKind = {
  open: async (handlers, setup) => openIntercept(handlers, setup),
  time: 'held',
  // MSW's sockets take turns of the event loop, as real ones do.
  turnsToNextRequest: 2,
  interceptsProcess: true,
  usesHttp: true,
  speaks: 'http',
  reachesOtherProcesses: false,
}

function openIntercept(handlers: RequestHandler[], setup: TransportSetup): OpenedTransport {
  const server = setupServer(...handlers)
  server.listen({
    onUnhandledFrame: ({ frame }) => {
      const data = frame.data as { request?: Request; connection?: { client: { url: URL } } }
      const socket = { method: 'WEBSOCKET', url: String(data.connection?.client.url) }
      throw reportUnknownRequest(data.request ?? socket, setup)
    },
  })
  return { baseURL: setup.baseURL ?? PUBLIC_BASE_URL, close: async () => server.close() }
}
