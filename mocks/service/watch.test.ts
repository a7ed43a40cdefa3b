import { describe, expect, it } from 'vitest'
import { queueScript } from './script.ts'
import { createService } from './service.ts'
import { callService } from './testing/calls.ts'
import { createHeldGate, waitUntilSettled } from './testing/held.ts'
import type { Answer } from './types.ts'
import type { GatePoint, ServiceEvent } from './watch.ts'

const says: Answer = { items: [{ type: 'text', text: 'Hi.' }], always: true }
const post = (body: object) =>
  new Request('http://service.test/v1/responses', {
    method: 'POST',
    body: JSON.stringify({ model: 'm', input: 'hi', ...body }),
  })
const shown = (event: ServiceEvent) =>
  event.type === 'stream.event'
    ? `event ${event.index}`
    : event.type === 'response.end'
      ? event.outcome
      : event.type

describe('what the service tells, and where it waits', () => {
  it('stands before the head and each event, and tells an event once it is sent', async () => {
    const held = createHeldGate()
    const seen: string[] = []
    const service = createService({
      script: queueScript([says]),
      gate: held.gate,
      watch: (event) => seen.push(shown(event)),
    })
    const response = service.handle(post({ stream: true }))
    const points: GatePoint[] = []
    for (;;) {
      await waitUntilSettled()
      const [point] = held.waiting()
      if (point === undefined) break
      expect(held.waiting()).toHaveLength(1)
      expect(seen.filter((event) => event.startsWith('event'))).toHaveLength(
        point.kind === 'event' ? point.index : 0,
      )
      points.push(point)
      held.open()
    }
    const count = points.length - 1
    expect(points.map(({ kind, index }) => `${kind} ${index}`)).toEqual([
      'head 0',
      ...Array.from({ length: count }, (_, at) => `event ${at}`),
    ])
    expect(seen).toEqual(['request', ...Array.from({ length: count }, (_, at) => `event ${at}`), 'completed'])
    expect((await (await response).text()).split('event: ')).toHaveLength(count + 1)
  })

  it('stands before the head and the body of JSON; a refusal goes whole behind its head', async () => {
    for (const body of [{}, { temperature: 9 }]) {
      const refused = 'temperature' in body
      const held = createHeldGate()
      const seen: string[] = []
      const service = createService({
        script: queueScript([says]),
        gate: held.gate,
        watch: (event) => seen.push(shown(event)),
      })
      const response = service.handle(post(body))
      await waitUntilSettled()
      expect(held.waiting()).toEqual([{ kind: 'head', request: 1, index: 0 }])
      held.open()
      await waitUntilSettled()
      expect(held.waiting()).toEqual(refused ? [] : [{ kind: 'body', request: 1, index: 0 }])
      expect(seen).not.toContain('completed')
      if (!refused) held.open()
      await (await response).text()
      expect(seen.at(-1)).toBe(refused ? 'http' : 'completed')
    }
  })

  it.each(['head', 'event', 'body'] as const)('tells a cancel once, wherever it waits: %s', async (kind) => {
    const held = createHeldGate()
    const seen: string[] = []
    const abort = new AbortController()
    const service = createService({
      script: queueScript([says]),
      gate: held.gate,
      watch: (event) => seen.push(shown(event)),
    })
    const request = new Request(post({ stream: kind === 'event' }), { signal: abort.signal })
    const answered = service.handle(request)
    await waitUntilSettled()
    if (kind !== 'head') held.open()
    await waitUntilSettled()
    expect(held.waiting()[0]?.kind).toBe(kind)
    abort.abort()
    await waitUntilSettled()
    const response = await answered
    if (response.type !== 'error') await expect(response.text()).rejects.toThrow()
    expect(seen).toEqual(['request', 'request.cancelled', 'cut'])
    held.release()
    await waitUntilSettled()
    expect(seen).toHaveLength(3)
    expect([...service.store.responses.values()].map(({ response: kept }) => kept.status)).toEqual([
      'cancelled',
    ])
  })

  it('tells a request with its number, attempt and effective context, and that nothing was scripted', async () => {
    const seen: ServiceEvent[] = []
    const service = createService({ watch: (event) => seen.push(event) })
    const first = await callService(service, 'POST', '/responses', { model: 'm', input: 'one' })
    await callService(service, 'POST', '/responses', {
      model: 'm',
      input: 'two',
      previous_response_id: first.json['id'],
    })
    const requests = seen.flatMap((event) => (event.type === 'request' ? [event.request] : []))
    expect(requests.map(({ number, method, path, attempt }) => ({ number, method, path, attempt }))).toEqual([
      { number: 1, method: 'POST', path: '/v1/responses', attempt: 0 },
      { number: 2, method: 'POST', path: '/v1/responses', attempt: 0 },
    ])
    expect(requests[1]?.context?.map(({ role }) => role)).toEqual(['user', 'assistant', 'user'])
    expect(requests[0]?.id).toMatch(/^req_[0-9a-f]{32}$/)
    expect(seen.filter(({ type }) => type === 'request.unscripted')).toHaveLength(2)
  })

  it('gates each event that begins in a chunk, and tells it when its last byte is sent', async () => {
    const held = createHeldGate()
    const seen: string[] = []
    const script = queueScript([{ ...says, wire: { chunk: 700 } }])
    const service = createService({ script, gate: held.gate, watch: (event) => seen.push(shown(event)) })
    const response = service.handle(post({ stream: true }))
    const points: number[] = []
    for (;;) {
      await waitUntilSettled()
      const [point] = held.waiting()
      if (point === undefined) break
      if (point.kind === 'event') points.push(point.index)
      held.open()
    }
    expect(points).toEqual([...points.keys()])
    expect(seen.filter((event) => event.startsWith('event'))).toEqual(points.map((index) => `event ${index}`))
    await (await response).text()
  })
})
