import type { AddressInfo } from 'node:net'
import WebSocket, { WebSocketServer } from 'ws'
import { createService } from '../mocks/service/service.ts'
import { openTransport } from '../mocks/transports.ts'
import type { Contestant } from './rounds.ts'
import type { BenchedStream } from './streams.ts'

/** Returns the service, asked over WebSockets. */
export function ourSocketContestant({ text }: Pick<BenchedStream, 'text'>): Contestant {
  return { name: 'agent-conformance, websocket', open: () => openOurs(text) }
}

/**
 * Returns a bare server that answers each message with the same messages as the service, prepared in advance. This is the floor for
 * every server of WebSockets.
 */
export function bareSocketContestant({ text }: Pick<BenchedStream, 'text'>): Contestant {
  return {
    name: 'a bare server with ws',
    async open() {
      const ours = await openOurs(text)
      const messages = await ours.ask()
      await ours.close()
      const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
      await new Promise((resolve) => server.once('listening', resolve))
      server.on('connection', (socket) =>
        socket.on('message', () => {
          for (const message of messages) socket.send(message)
        }),
      )
      const { port } = server.address() as AddressInfo
      const client = createClient(`ws://127.0.0.1:${port}`)
      return {
        run: async () => checkText(await client.ask(), text),
        async close() {
          client.close()
          await new Promise((resolve) => server.close(resolve))
        },
      }
    },
  }
}

async function openOurs(text: string) {
  const service = createService({ script: () => ({ items: [{ type: 'text', text }] }) })
  const transport = await openTransport('websocket', service.handlers, { openSocket: service.connect })
  const client = createClient(`${transport.baseURL.replace(/^http/, 'ws')}/responses`)
  return {
    ask: client.ask,
    run: async () => checkText(await client.ask(), text),
    async close() {
      client.close()
      await transport.close()
    },
  }
}

const REQUEST = JSON.stringify({ type: 'response.create', model: 'gpt-5.1', input: 'hi', store: false })

/** Returns a client with as many connections as it has questions at the same time. */
function createClient(url: string): { ask(): Promise<string[]>; close(): void } {
  const all: WebSocket[] = []
  const free: WebSocket[] = []
  const connect = async () => {
    const socket = new WebSocket(url, { perMessageDeflate: false })
    all.push(socket)
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    return socket
  }
  return {
    async ask() {
      const socket = free.pop() ?? (await connect())
      const messages: string[] = []
      await new Promise<void>((resolve) => {
        const hear = (data: WebSocket.RawData) => {
          const message = String(data)
          messages.push(message)
          if (!message.includes('"type":"response.completed"')) return
          socket.off('message', hear)
          resolve()
        }
        socket.on('message', hear)
        socket.send(REQUEST)
      })
      free.push(socket)
      return messages
    },
    close() {
      for (const socket of all) socket.terminate()
    },
  }
}

/** Reads all messages as a client does. Throws if their text is not that of the answer. */
function checkText(messages: readonly string[], text: string): void {
  let gathered = ''
  for (const message of messages) {
    const event = JSON.parse(message) as { type: string; delta?: string }
    if (event.type === 'response.output_text.delta') gathered += event.delta ?? ''
  }
  if (gathered !== text)
    throw new Error(`a stream of the benchmark has the wrong text: found ${JSON.stringify(gathered)}`)
}
