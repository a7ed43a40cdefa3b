import type { RequestHandler } from 'msw'
import { httpTransport } from './http.ts'
import type { OpenedTransport, TransportKind, TransportSetup } from './transport.ts'

/** The server of the transport `http`, which a client is told to reach over a WebSocket. */
export const websocketTransport: TransportKind = {
  ...httpTransport,
  open: async (handlers, setup) => openWebsocket(handlers, setup),
  speaks: 'websocket',
}

async function openWebsocket(handlers: RequestHandler[], setup: TransportSetup): Promise<OpenedTransport> {
  if (setup.openSocket === undefined)
    throw new Error('the transport websocket needs openSocket, which opens the WebSockets of clients')
  return httpTransport.open(handlers, setup)
}
