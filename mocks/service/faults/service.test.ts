import fc from 'fast-check'
import { APIError } from 'openai'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../json.ts'
import { queueScript } from '../script.ts'
import { createService, type ServiceSetup } from '../service.ts'
import { faults as anyFault, functionTool, TOOLS } from '../testing/arbitraries.ts'
import { callService } from '../testing/calls.ts'
import { createClient } from '../testing/client.ts'
import type { Answer, Fault } from '../types.ts'
import type { ServiceEvent } from '../watch.ts'

const tools = TOOLS.map(functionTool)
const items: Answer['items'] = [
  { type: 'call', tool: 'lookup', args: { city: 'Bern' } },
  { type: 'text', text: 'A text that is long enough to be cut.' },
]

function spoiledService(fault: Fault, setup: ServiceSetup = {}) {
  const seen: ServiceEvent[] = []
  const script = queueScript([{ items, faults: [fault] }])
  const service = createService({ script, watch: (event) => seen.push(event), ...setup })
  const outcomes = () => seen.flatMap((event) => (event.type === 'response.end' ? [event.outcome] : []))
  return { service, seen, outcomes }
}

const ask = { model: 'm', input: 'hi', tools }
const streamed = async () =>
  (
    await callService(createService({ script: queueScript([{ items }]) }), 'POST', '/responses', {
      ...ask,
      stream: true,
    })
  ).events

/** Reads a body until its end or break. */
async function drained(response: Response): Promise<{ text: string; broke: boolean }> {
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  try {
    for (let read = await reader?.read(); read && !read.done; read = await reader?.read())
      text += decoder.decode(read.value, { stream: true })
    return { text, broke: false }
  } catch {
    return { text, broke: true }
  }
}

const post = (body: JsonObject) =>
  new Request('http://service.test/v1/responses', { method: 'POST', body: JSON.stringify(body) })

describe('an attempt that is spoiled', () => {
  it('is followed by a further attempt at the same answer, any fault at any index', async () => {
    const kinds = anyFault.filter(({ kind }) => kind !== 'stall')
    await fc.assert(
      fc.asyncProperty(fc.array(kinds, { maxLength: 3 }), fc.boolean(), async (faults, stream) => {
        const seen: ServiceEvent[] = []
        const script = queueScript([{ items, faults }, { items: [{ type: 'text', text: 'next answer' }] }])
        const service = createService({ script, watch: (event) => seen.push(event) })
        const body = { ...ask, stream }
        for (let attempt = 0; attempt < faults.length; attempt++) {
          const response = await service.handle(post(body))
          if (response.type !== 'error') await drained(response)
        }
        const whole = await (await service.handle(post(body))).text()
        expect(whole).toContain('function_call')
        expect(seen.flatMap((event) => (event.type === 'request' ? [event.request.attempt] : []))).toEqual([
          ...faults.keys(),
          faults.length,
        ])
        expect(seen.filter(({ type }) => type === 'request.unscripted')).toEqual([])
        expect(await (await service.handle(post(body))).text()).toContain('next answer')
      }),
      { numRuns: 100 },
    )
  })

  it('http: the error’s shape, retry-after-ms unless the fault says otherwise', async () => {
    const plain = await callService(
      spoiledService({ kind: 'http', status: 429, code: 'rate_limit_exceeded' }).service,
      'POST',
      '/responses',
      ask,
    )
    expect(plain.status).toBe(429)
    expect(Object.keys(plain.json['error'] as JsonObject)).toEqual(['message', 'type', 'param', 'code'])
    expect(plain.headers.get('retry-after-ms')).toBe('1')
    const own = spoiledService({ kind: 'http', status: 500, headers: { 'Retry-After': '3' } })
    const { headers } = await callService(own.service, 'POST', '/responses', ask)
    expect([headers.get('retry-after'), headers.get('retry-after-ms')]).toEqual(['3', null])
    const plain400 = await callService(
      spoiledService({ kind: 'http', status: 400 }).service,
      'POST',
      '/responses',
      ask,
    )
    expect(plain400.headers.get('retry-after-ms')).toBe(null)
  })

  it('eof, reset and stall: the events before it arrive, then the end, a break, or nothing until the client goes', async () => {
    const events = await streamed()
    for (const kind of ['eof', 'reset', 'stall'] as const)
      for (const at of events.keys()) {
        const { service, outcomes, seen } = spoiledService({ kind, at })
        const response = await service.handle(post({ ...ask, stream: true }))
        expect(response.headers.get('transfer-encoding')).toBe('chunked')
        if (kind === 'stall') {
          expect(outcomes()).toEqual([])
          await response.body?.cancel()
          expect(seen.filter(({ type }) => type === 'request.cancelled')).toHaveLength(1)
        } else expect((await drained(response)).broke).toBe(kind === 'reset')
        expect(seen.filter(({ type }) => type === 'stream.event')).toHaveLength(at)
        expect(outcomes()).toEqual(['cut'])
      }
  })

  it('on a JSON answer: cut in the middle, replaced, or with another status', async () => {
    const whole = await (await createService({ script: queueScript([{ items }]) }).handle(post(ask))).text()
    for (const kind of ['eof', 'reset'] as const) {
      const { service, outcomes } = spoiledService({ kind, at: 0 })
      const { text, broke } = await drained(await service.handle(post(ask)))
      expect(broke).toBe(kind === 'reset')
      expect(Math.abs(text.length - whole.length / 2)).toBeLessThan(3)
      expect(outcomes()).toEqual(['cut'])
    }
    const garbage = spoiledService({ kind: 'garbage', at: 0, data: '<html>' })
    expect((await drained(await garbage.service.handle(post(ask)))).text).toBe('<html>')
    const failed = await callService(
      spoiledService({ kind: 'failed', at: 0, code: 'server_error' }).service,
      'POST',
      '/responses',
      ask,
    )
    expect(failed.json).toMatchObject({
      status: 'failed',
      error: { code: 'server_error' },
      output: [],
      usage: null,
    })
    const incomplete = await callService(
      spoiledService({ kind: 'incomplete', at: 4, reason: 'content_filter' }).service,
      'POST',
      '/responses',
      ask,
    )
    expect(incomplete.json).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'content_filter' },
    })
    expect((incomplete.json['output'] as JsonObject[])[0]).toMatchObject({
      type: 'function_call',
      status: 'incomplete',
    })
    const impossible = spoiledService({ kind: 'error-event', at: 0, form: 'flat', code: 'x' })
    expect((await callService(impossible.service, 'POST', '/responses', ask)).json).toMatchObject({
      status: 'failed',
    })
    expect(impossible.seen.filter(({ type }) => type === 'script-impossible')).toHaveLength(1)
  })

  it('reaches the SDK as the errors that it has for them', async () => {
    const thrown = async (fault: Fault, stream: boolean) => {
      const client = createClient(spoiledService(fault).service)
      try {
        const made = await client.responses.create({ model: 'm', input: 'hi', stream })
        if (Symbol.asyncIterator in made) for await (const event of made) void event
        return undefined
      } catch (error) {
        return error
      }
    }
    expect(await thrown({ kind: 'http', status: 429, code: 'x' }, true)).toMatchObject({
      status: 429,
      code: 'x',
    })
    expect(await thrown({ kind: 'error-event', at: 2, form: 'nested', code: 'x' }, true)).toBeInstanceOf(
      APIError,
    )
    expect(await thrown({ kind: 'error-event', at: 2, form: 'flat', code: 'x' }, true)).toBeInstanceOf(
      APIError,
    )
    expect(await thrown({ kind: 'garbage', at: 3, data: '{' }, true)).toBeInstanceOf(SyntaxError)
    expect(await thrown({ kind: 'reset', at: 3 }, true)).toBeInstanceOf(TypeError)
    expect(await thrown({ kind: 'refuse-connection' }, false)).toMatchObject({ name: 'Error' })
  })
})

describe('what is kept of a response whose connection ended (option afterCut)', () => {
  const keptAfter = async (
    afterCut: NonNullable<NonNullable<ServiceSetup['facts']>['afterCut']>,
    at: number,
  ) => {
    const { service } = spoiledService({ kind: 'reset', at }, { facts: { afterCut } })
    const conversation = String((await callService(service, 'POST', '/conversations', {})).json['id'])
    const { text } = await drained(await service.handle(post({ ...ask, stream: true, conversation })))
    const id = /resp_[0-9a-f]{50}/.exec(text)?.[0] ?? ''
    const kept = await callService(service, 'GET', `/responses/${id}`)
    const list = await callService(service, 'GET', `/conversations/${conversation}/items?order=asc`)
    const next = await callService(service, 'POST', '/responses', { ...ask, input: 'and?', conversation })
    return {
      status: kept.status === 200 ? kept.json['status'] : kept.status,
      output: ((kept.json['output'] ?? []) as JsonObject[]).map(({ type }) => type),
      conversation: ((list.json['data'] ?? []) as JsonObject[]).map(({ type }) => type),
      next: next.status,
    }
  }

  it('keep-done-items: what was done on the wire, in the response and the conversation; its call must be answered', async () => {
    expect(await keptAfter('keep-done-items', Number.MAX_SAFE_INTEGER)).toEqual({
      status: 'completed',
      output: ['function_call', 'message'],
      conversation: ['message', 'function_call', 'message'],
      next: 400,
    })
    expect(await keptAfter('keep-done-items', 4)).toMatchObject({
      output: [],
      conversation: [],
      next: 200,
    })
  })

  it('completed: the whole response, and nothing in the conversation', async () => {
    expect(await keptAfter('completed', 4)).toEqual({
      status: 'completed',
      output: ['function_call', 'message'],
      conversation: [],
      next: 200,
    })
  })

  it('cancelled, not-found: nothing of it', async () => {
    expect(await keptAfter('cancelled', 4)).toEqual({
      status: 'cancelled',
      output: [],
      conversation: [],
      next: 200,
    })
    expect(await keptAfter('not-found', 4)).toEqual({ status: 404, output: [], conversation: [], next: 200 })
  })

  it('a failed response is kept as failed, and its conversation gets nothing (SERVICE-FACTS 4, 6)', async () => {
    const { service } = spoiledService({ kind: 'failed', at: 30, code: 'server_error' })
    const conversation = String((await callService(service, 'POST', '/conversations', {})).json['id'])
    const { events } = await callService(service, 'POST', '/responses', {
      ...ask,
      stream: true,
      conversation,
    })
    const { id } = (events.at(-1)?.['response'] ?? {}) as JsonObject
    expect((await callService(service, 'GET', `/responses/${String(id)}`)).json).toMatchObject({
      status: 'failed',
      output: [],
    })
    expect((await callService(service, 'GET', `/conversations/${conversation}/items`)).json['data']).toEqual(
      [],
    )
  })
})

describe('reasoning that nothing follows', () => {
  it('does not stay in a conversation after a cut, so that its next turn can be taken', async () => {
    const thought: Answer['items'] = [
      { type: 'reasoning', summary: [], encrypted: false },
      { type: 'text', text: 'Said.' },
    ]
    const script = queueScript([{ items: thought, faults: [{ kind: 'reset', at: 4 }] }])
    const service = createService({ script })
    const conversation = String((await callService(service, 'POST', '/conversations', {})).json['id'])
    const { text } = await drained(await service.handle(post({ ...ask, stream: true, conversation })))
    expect(text).toContain('response.output_item.done')
    const next = await callService(service, 'POST', '/responses', { ...ask, input: 'and?', conversation })
    expect(next.status).toBe(200)
  })
})
