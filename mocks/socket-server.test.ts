import { createServer } from 'node:http'
import OpenAI from 'openai'
import type { ResponsesServerEvent } from 'openai/resources/responses/responses'
import { ResponsesWS } from 'openai/resources/responses/ws'
import { afterEach, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { queueScript } from './service/script.ts'
import { createService, type ServiceSetup } from './service/service.ts'
import type { ScriptedAnswer } from './service/types.ts'
import { acceptSockets } from './socket-server.ts'
import { openTransport } from './transports.ts'

const opened: (() => unknown)[] = []
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

async function serve(setup: ServiceSetup = {}): Promise<string> {
  const service = createService(setup)
  const transport = await openTransport('http', service.handlers, { openSocket: service.connect })
  opened.push(() => transport.close())
  return transport.baseURL
}

/** Opens a plain WebSocket. Resolves with its first event: `open`, or the status of the refusal. */
async function open(url: string, headers: Record<string, string> = {}) {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), { headers })
  opened.push(() => socket.terminate())
  const first = await new Promise<number | 'open'>((resolve) => {
    socket.once('open', () => resolve('open'))
    socket.once('unexpected-response', (_, response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    socket.once('error', () => {})
  })
  return { socket, first }
}

const waitForClose = (socket: WebSocket) =>
  new Promise<number>((resolve) => socket.once('close', (code) => resolve(code)))

const says = (text: string): ScriptedAnswer => ({ items: [{ type: 'text', text }] })

describe('the client of OpenAI over a WebSocket', () => {
  it('gets its answers, and continues them although nothing is stored', async () => {
    const baseURL = await serve({ script: queueScript([says('one'), says('two')]), apiKey: 'mine' })
    const client = new ResponsesWS(new OpenAI({ baseURL, apiKey: 'mine' }))
    opened.push(() => client.close())
    const ask = (body: { input: string; previous_response_id?: string }) =>
      new Promise<ResponsesServerEvent & { type: 'response.completed' }>((resolve, reject) => {
        client.once('error', reject)
        client.once('response.completed', resolve)
        client.send({ type: 'response.create', model: 'gpt-5.1', store: false, ...body })
      })
    const first = await ask({ input: 'a' })
    expect(JSON.stringify(first.response.output)).toContain('one')
    const second = await ask({ input: 'b', previous_response_id: first.response.id })
    expect(JSON.stringify(second.response.output)).toContain('two')
    expect(second.response.previous_response_id).toBe(first.response.id)
  })

  it('is refused with 401 if its key is wrong', async () => {
    const baseURL = await serve({ apiKey: 'mine' })
    expect((await open(`${baseURL}/responses`, { authorization: 'Bearer other' })).first).toBe(401)
    expect((await open(`${baseURL}/responses`, { authorization: 'Bearer mine' })).first).toBe('open')
  })
})

describe('a server with WebSockets', () => {
  it.each<[why: string, path: string, headers: Record<string, string>, status: number]>([
    ['a web page of another site', '/responses', { origin: 'https://example.com' }, 403],
    ['a page that came by another name of the host', '/responses', { host: 'evil.example' }, 403],
    ['another path', '/realtime', {}, 404],
  ])('refuses %s', async (_, path, headers, status) => {
    const baseURL = await serve()
    expect((await open(baseURL + path, headers)).first).toBe(status)
  })

  it('closes a connection whose message is larger than 16 MiB, with 1009', async () => {
    const { socket } = await open(`${await serve()}/responses`)
    const closed = waitForClose(socket)
    socket.send('x'.repeat(16 * 1024 * 1024 + 1))
    expect(await closed).toBe(1009)
  })

  it('breaks connections when it stops, and those that a fault breaks', async () => {
    const broken = { ...says('a'), faults: [{ kind: 'reset' as const, at: 3 }] }
    const baseURL = await serve({ script: queueScript([broken]) })
    const { socket } = await open(`${baseURL}/responses`)
    const closed = waitForClose(socket)
    socket.send(JSON.stringify({ type: 'response.create', model: 'm', input: 'a' }))
    expect(await closed).toBe(1006)
    const { socket: other } = await open(`${baseURL}/responses`)
    const stopped = waitForClose(other)
    for (const close of opened.splice(0)) await close()
    expect(await stopped).toBe(1006)
  })

  it('survives bytes that are no frame', async () => {
    const server = createServer()
    const stop = acceptSockets(server, createService().connect)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    opened.push(() => new Promise((resolve) => server.close(resolve)))
    const { port } = server.address() as { port: number }
    const { socket } = await open(`http://127.0.0.1:${port}/v1/responses`)
    const closed = waitForClose(socket)
    const { _socket: raw } = socket as unknown as { _socket: { write(bytes: Buffer): void } }
    raw.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 0x00, 0x01]))
    expect([1002, 1006]).toContain(await closed)
    stop()
    expect((await open(`http://127.0.0.1:${port}/v1/responses`)).first).toBe('open')
  })

  it('serves 200 connections beside each other', async () => {
    const baseURL = await serve({ script: () => says('Hello there, and good day to you.') })
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, at) => {
        const { socket } = await open(`${baseURL}/responses`)
        const texts: string[] = []
        const ended = new Promise<void>((resolve) =>
          socket.on('message', (data) => {
            texts.push(String(data))
            if (texts.at(-1)?.includes('"response.completed"')) resolve()
          }),
        )
        socket.send(JSON.stringify({ type: 'response.create', model: 'm', input: `hi ${at}` }))
        await ended
        return texts.map((text) => (JSON.parse(text) as { sequence_number: number }).sequence_number)
      }),
    )
    for (const numbers of answers) expect(numbers).toEqual(numbers.map((_, at) => at))
  })
})
