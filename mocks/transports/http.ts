import type { RequestHandler } from 'msw'
import { serveHandlers } from '../http-server.ts'
import {
  type OpenedTransport,
  reportUnknownRequest,
  type TransportKind,
  type TransportSetup,
} from './transport.ts'

/** Puts the handlers behind a server on loopback, for any client in any process or language. */
export const httpTransport: TransportKind = {
  open: async (handlers, setup) => openHttp(handlers, setup),
  time: 'real',
  turnsToNextRequest: 1,
  interceptsProcess: false,
  usesHttp: true,
  speaks: 'http',
  reachesOtherProcesses: true,
}

async function openHttp(handlers: RequestHandler[], setup: TransportSetup): Promise<OpenedTransport> {
  return serveHandlers({
    handlers,
    port: setup.port ?? 0,
    reportUnknown: (request: Request) => reportUnknownRequest(request, setup),
    ...(setup.openSocket ? { openSocket: setup.openSocket } : {}),
    ...(setup.arrival ? { arrival: setup.arrival } : {}),
    ...(setup.tap ? { tap: setup.tap } : {}),
  })
}
