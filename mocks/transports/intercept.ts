import { setupServer } from 'msw/node'
import { type OpenTransport, reportUnknownRequest } from './transport.ts'

/** The base URL of the real service, which a runtime uses by default. */
const PUBLIC_BASE_URL = 'https://api.openai.com/v1'

/**
 * Lets MSW intercept the HTTP requests of this process, so that the runtime runs as its users run it. Make clients after
 * this transport is open: an older client keeps the fetch function that MSW has not replaced.
 */
export const openIntercept: OpenTransport = async (handlers, setup) => {
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
