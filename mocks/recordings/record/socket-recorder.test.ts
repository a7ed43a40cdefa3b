import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import type { JsonObject } from '../../json.ts'
import { queueScript } from '../../service/script.ts'
import { createService } from '../../service/service.ts'
import type { ScriptedAnswer } from '../../service/types.ts'
import { openTransport } from '../../transports.ts'
import { checkPaths } from '../check.ts'
import type { RecordingFile } from '../types.ts'
import { startRecorder } from './recorder.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const says = (text: string): ScriptedAnswer => ({ items: [{ type: 'text', text }] })

/** Returns a recorder in front of a simulated service, and a client that is connected to it. */
async function record(answers: ScriptedAnswer[]) {
  const service = createService({ script: queueScript(answers) })
  const transport = await openTransport('http', service.handlers, { openSocket: service.connect })
  const out = mkdtempSync(join(tmpdir(), 'socket-recorder-'))
  const recorder = await startRecorder({ upstream: transport.baseURL, out })
  cleanups.push(
    () => rmSync(out, { recursive: true }),
    () => transport.close(),
  )
  const socket = new WebSocket(`${recorder.baseURL.replace('http', 'ws')}/responses`, {
    headers: { authorization: 'Bearer sk-secret-0123456789abcdef' },
  })
  cleanups.push(() => socket.terminate())
  const events: JsonObject[] = []
  const waiting = new Set<() => void>()
  socket.on('message', (data) => {
    events.push(JSON.parse(String(data)))
    for (const look of waiting) look()
  })
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  /** Sends a request and returns the event that ends its answer. */
  const ask = (more: JsonObject) => {
    const lane = more['stream_id']
    const from = events.length
    const ended = new Promise<JsonObject>((resolve) => {
      const look = () => {
        const last = events
          .slice(from)
          .find(
            ({ type, stream_id, lane: told }) =>
              (stream_id ?? told) === lane &&
              /^(response\.(completed|failed|incomplete)|error)$/.test(String(type)),
          )
        if (last === undefined) return
        waiting.delete(look)
        resolve(last)
      }
      waiting.add(look)
    })
    socket.send(JSON.stringify({ type: 'response.create', model: 'gpt-5.1', ...more }))
    return ended
  }
  const finish = async () => {
    const { errors } = await recorder.close()
    const files = readdirSync(out).map(
      (name) => JSON.parse(readFileSync(join(out, name), 'utf8')) as RecordingFile,
    )
    return { errors, files, text: JSON.stringify(files), checked: await checkPaths([out]) }
  }
  return { ask, socket, finish, events }
}

describe('the recorder of WebSockets', () => {
  it('keeps each request as the exchange that it stands for, in a chain that is not stored', async () => {
    const { ask, finish } = await record([says('First.'), says('Second.')])
    const first = (await ask({ input: 'one', store: false })) as { response: { id: string } }
    await ask({ input: 'two', store: false, previous_response_id: first.response.id })
    const { errors, files, text, checked } = await finish()
    expect(errors).toEqual([])
    const recordings = files.flatMap((file) => file.recordings)
    expect(recordings.map(({ request }) => request.socket)).toEqual([{ connection: 0 }, { connection: 0 }])
    expect(recordings.map(({ request }) => (request.body as JsonObject)['input'])).toEqual(['one', 'two'])
    expect(files).toHaveLength(1)
    expect(checked.findings).toEqual([])
    expect(checked.streams).toBe(2)
    expect(text).toContain('Second.')
    expect(text).not.toContain('0123456789abcdef')
  })

  it('tells lanes apart that run at once, and keeps a refusal with its status', async () => {
    const { ask, finish } = await record([says('In a lane.'), says('In another.')])
    await Promise.all([ask({ input: 'a', stream_id: 'left' }), ask({ input: 'b', stream_id: 'right' })])
    const refused = await ask({ input: 'c', store: false, previous_response_id: 'resp_unknown' })
    expect(refused).toMatchObject({ type: 'error', error: { code: 'previous_response_not_found' } })
    const { errors, files, checked } = await finish()
    expect(errors).toEqual([])
    const recordings = files.flatMap((file) => file.recordings)
    const told = recordings.map(({ request, response }) => [request.socket?.lane, response.status])
    expect(told).toEqual(
      expect.arrayContaining([
        ['left', 200],
        ['right', 200],
        [undefined, 400],
      ]),
    )
    expect(checked.findings.filter(({ kind }) => kind === 'breach')).toEqual([])
  })

  it('keeps what had come when the connection breaks', async () => {
    const { socket, events, finish } = await record([
      { ...says('Cut off.'), faults: [{ kind: 'reset', at: 3 }] },
    ])
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.send(JSON.stringify({ type: 'response.create', model: 'gpt-5.1', input: 'hi' }))
    await closed
    const { files } = await finish()
    const [recording] = files.flatMap((file) => file.recordings)
    expect(recording?.response.body).toMatchObject({ cut: 'upstream' })
    const { sse = '' } = (recording?.response.body ?? {}) as { sse?: string }
    expect(sse.match(/^data: /gm)).toHaveLength(events.length)
  })

  it('tells a client that the upstream takes no WebSocket', async () => {
    const transport = await openTransport('http', createService().handlers)
    const out = mkdtempSync(join(tmpdir(), 'socket-recorder-'))
    const recorder = await startRecorder({ upstream: transport.baseURL, out })
    cleanups.push(
      () => rmSync(out, { recursive: true }),
      () => transport.close(),
    )
    const socket = new WebSocket(`${recorder.baseURL.replace('http', 'ws')}/responses`)
    const status = await new Promise((resolve) => {
      socket.once('error', () => resolve('no answer'))
      socket.once('unexpected-response', (_, { statusCode }) => resolve(statusCode))
    })
    expect(status).toBe(502)
    const { errors } = await recorder.close()
    expect(errors.map(({ message }) => message).join()).toContain('WebSocket /responses')
  })
})
