import { serveHandlers } from '../http-server.ts'
import { type OpenTransport, reportUnknownRequest } from './transport.ts'

/** Puts the handlers behind a server on loopback, for any client in any process or language. */
export const openHttp: OpenTransport = async (handlers, setup) =>
  serveHandlers({
    handlers,
    port: setup.port ?? 0,
    unknown: (request: Request) => reportUnknownRequest(request, setup),
    ...(setup.arrival ? { arrival: setup.arrival } : {}),
    ...(setup.tap ? { tap: setup.tap } : {}),
  })
