import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { checkSender } from './loopback.ts'
import { buildRefusalBody, type Refusal } from './request-rules/rule.ts'
import type { Peer } from './service/socket/connection.ts'

/** What a service does with the messages of a client. */
export interface SocketSession {
  /** `text` is undefined for a binary message. */
  receive(text: string | undefined): void
  close(): void
}

/** Opens a session for a client, or refuses it. */
export type OpenSocket = (opened: { url: string; headers: Headers; peer: Peer }) => SocketSession | Refusal

/** The largest message of a client, in bytes. A larger one closes the connection with 1009 (SERVICE-FACTS 13). */
const LARGEST_MESSAGE = 16 * 1024 * 1024

/** Lets a server on loopback accept WebSockets at `…/responses`. Returns a function that breaks all of them. */
export function acceptSockets(server: Server, open: OpenSocket): () => void {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_MESSAGE,
    perMessageDeflate: false,
  })
  server.on('upgrade', (incoming, duplex, head) => {
    duplex.on('error', () => duplex.destroy())
    const refused = checkSender((name) => readHeader(incoming, name), 'this server')
    if (refused) return refuseUpgrade(duplex, refused.status, refused.code, refused.message)
    const url = new URL(`http://127.0.0.1${incoming.url ?? '/'}`)
    if (!url.pathname.endsWith('/responses'))
      return refuseUpgrade(
        duplex,
        404,
        'unknown_url',
        'found another path, expected one that ends with /responses',
      )
    let socket: WebSocket | undefined
    const session = open({
      url: url.href,
      headers: readHeaders(incoming),
      peer: buildPeer(() => socket, duplex),
    })
    if ('rule' in session) return end(duplex, session.status, JSON.stringify(buildRefusalBody(session)))
    sockets.handleUpgrade(incoming, duplex, head, (accepted) => {
      socket = accepted
      serveSocket(accepted, session)
    })
  })
  return () => {
    for (const client of sockets.clients) client.terminate()
  }
}

function buildPeer(socket: () => WebSocket | undefined, duplex: Duplex): Peer {
  let isHeld = false
  /** Lets all messages that were held go out in one write. */
  const letGo = () => {
    if (!isHeld) return
    isHeld = false
    duplex.uncork()
  }
  return {
    send(text) {
      // Messages of one turn leave together, because a write of its own for each is slow.
      if (!isHeld) {
        isHeld = true
        duplex.cork()
        process.nextTick(letGo)
      }
      socket()?.send(text)
    },
    close(code, reason) {
      letGo()
      socket()?.close(code, reason)
    },
    terminate() {
      letGo()
      socket()?.terminate()
    },
  }
}

function serveSocket(socket: WebSocket, session: SocketSession): void {
  // A message that is too large, or bytes that are no frame. The library closes the connection.
  socket.on('error', () => {})
  socket.on('message', (data, isBinary) => session.receive(isBinary ? undefined : String(data)))
  socket.on('close', () => session.close())
}

/** Returns a header of the request for a WebSocket. */
export function readHeader(incoming: IncomingMessage, name: string): string | undefined {
  const held = incoming.headers[name]
  return Array.isArray(held) ? held.join(', ') : held
}

/** Returns the headers of the request for a WebSocket, without those of the handshake. */
export function readHeaders(incoming: IncomingMessage): Headers {
  const names = Object.keys(incoming.headers).filter(
    (name) => !/^(connection|upgrade|sec-websocket-)/.test(name),
  )
  return new Headers(names.map((name) => [name, readHeader(incoming, name) ?? '']))
}

/** Refuses a WebSocket as any other request is refused. */
export function refuseUpgrade(duplex: Duplex, status: number, code: string, message: string): void {
  const error = { message, type: 'invalid_request_error', param: null, code }
  end(duplex, status, JSON.stringify({ error }))
}

/** Answers the request for a WebSocket as any other request. */
function end(duplex: Duplex, status: number, body: string): void {
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  duplex.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
