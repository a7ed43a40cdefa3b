import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import WebSocket, { WebSocketServer } from 'ws'
import { MAX_BYTES } from '../../limits.ts'
import { checkSender } from '../../loopback.ts'
import { readHeader, readHeaders, refuseUpgrade } from '../../socket-server.ts'
import { buildUpstreamHeaders } from './forward.ts'
import type { Keeper } from './keeper.ts'
import { findPathBelow } from './proxy.ts'
import { SocketExchanges } from './socket-exchanges.ts'

/** Headers of the handshake, which the connection to the upstream makes for itself. */
const HANDSHAKE = /^sec-websocket-/

/**
 * Lets the server of the recorder pass WebSockets at `/v1/responses` on to the upstream. Each request on them becomes an exchange
 * for the keeper. `stop` ends the connections that are open.
 */
export function proxySockets(server: Server, upstream: string, keeper: Keeper, stop: AbortSignal): void {
  const accepting = new WebSocketServer({ noServer: true, maxPayload: MAX_BYTES, perMessageDeflate: false })
  let connections = 0
  server.on('upgrade', (incoming, duplex, head) => {
    duplex.on('error', () => duplex.destroy())
    const refused = checkSender((name) => readHeader(incoming, name), 'the recorder')
    if (refused) return refuseUpgrade(duplex, refused.status, refused.code, refused.message)
    const { pathname, searchParams, search } = new URL(`http://127.0.0.1${incoming.url ?? '/'}`)
    if (findPathBelow('/v1', pathname) !== '/responses')
      return refuseUpgrade(duplex, 404, 'unknown_url', 'found another path, expected /v1/responses')
    const headers = readHeaders(incoming)
    keeper.rememberSecrets(headers)
    keeper.rememberSecrets(searchParams)
    const far = openUpstream(`${upstream.replace(/\/+$/, '')}/responses${search}`, headers)
    let strays = 0
    const exchanges = new SocketExchanges(
      headers,
      connections++,
      (ended) => keeper.keep(keeper.takeIndex(), ended),
      // The successor of a response that was steered has no request of the client.
      () => {
        if (strays++ === 0)
          keeper.reportFailure('WebSocket /responses', 'events that answer no request', 'events of a request')
      },
    )
    const fail = (message: string) => {
      keeper.reportFailure(
        'WebSocket /responses',
        `no connection (${message})`,
        'a connection to the upstream',
      )
      refuseUpgrade(duplex, 502, 'upstream_unreachable', `the upstream took no WebSocket: ${message}`)
    }
    far.once(
      'error',
      ({ message }) => far.readyState !== WebSocket.OPEN && !duplex.destroyed && fail(message),
    )
    far.once('open', () => join({ accepting, incoming, duplex, head, far, exchanges, stop }))
  })
}

function openUpstream(url: string, headers: Headers): WebSocket {
  const forwarded = [...buildUpstreamHeaders(headers)].filter(([name]) => !HANDSHAKE.test(name))
  return new WebSocket(url.replace(/^http/, 'ws'), {
    headers: Object.fromEntries(forwarded),
    followRedirects: false,
    maxPayload: MAX_BYTES,
    perMessageDeflate: false,
  })
}

interface Joined {
  accepting: WebSocketServer
  incoming: IncomingMessage
  duplex: Duplex
  head: Buffer
  far: WebSocket
  exchanges: SocketExchanges
  stop: AbortSignal
}

/** Passes messages on in both directions until one side closes. */
function join({ accepting, incoming, duplex, head, far, exchanges, stop }: Joined): void {
  accepting.handleUpgrade(incoming, duplex, head, (near) => {
    // A message that is too large, or bytes that are no frame. The library closes the connection.
    near.on('error', () => {})
    far.on('error', () => {})
    near.on('message', (data, binary) => {
      if (!binary) exchanges.hearClient(String(data))
      far.send(data, { binary })
    })
    far.on('message', (data, binary) => {
      if (!binary) exchanges.hearService(String(data))
      near.send(data, { binary })
    })
    near.on('close', () => {
      exchanges.close('client')
      far.close()
    })
    far.on('close', (code, reason) => {
      exchanges.close(stop.aborted ? 'client' : 'upstream')
      // 1005 and 1006 say that there was no code. They cannot be sent.
      if (code === 1005) near.close()
      else if (code === 1006) near.terminate()
      else near.close(code, reason)
    })
    stop.addEventListener('abort', () => {
      near.terminate()
      far.terminate()
    })
  })
}
