import { describe, expect, it } from 'vitest'
import { isObject, type JsonObject } from '../../json.ts'
import { createService } from '../service.ts'
import type { ScriptedAnswer } from '../types.ts'
import { LONGEST_AGE } from './errors.ts'
import { connect, readResponse, says } from './testing/client.ts'

function readError(events: readonly JsonObject[]): JsonObject {
  const last = events.at(-1)
  return isObject(last?.['error']) ? { status: last['status'] ?? null, ...last['error'] } : {}
}

describe('a connection', () => {
  it('gives the events of a stream, one in each message', async () => {
    const client = connect({ answers: [says('Hello there.')] })
    const events = await client.create({ input: 'hi' })
    expect(events[0]?.['type']).toBe('response.created')
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, at) => at))
    expect(JSON.stringify(readResponse(events))).toContain('Hello there.')
    expect(events.some((event) => 'stream_id' in event)).toBe(false)
  })

  it('continues its latest response although nothing is stored, and no older one', async () => {
    const client = connect({ answers: [says('one'), says('two'), says('three')] })
    const first = readResponse(await client.create({ input: 'a', store: false }))
    const again = { input: 'b', store: false, previous_response_id: first['id'] ?? null }
    const second = readResponse(await client.create(again))
    expect(second['previous_response_id']).toBe(first['id'])
    expect(readError(await client.create(again))).toMatchObject({
      status: 400,
      code: 'previous_response_not_found',
      param: 'previous_response_id',
    })
    const other = connect({})
    expect(readError(await other.create(again))['code']).toBe('previous_response_not_found')
  })

  it('drops the response that a refused request of the same lane named, and keeps that of another lane', async () => {
    const client = connect({})
    const own = async () =>
      readResponse(await client.create({ input: 'a', store: false, stream_id: 'a' }))['id'] ?? null
    const bad = { input: 'b', store: false, temperature: 9 }
    const good = { input: 'c', store: false }
    const parent = await own()
    await client.create({ ...bad, previous_response_id: parent, stream_id: 'b' })
    expect(readError(await client.create({ ...good, previous_response_id: parent, stream_id: 'b' }))).toEqual(
      {},
    )
    const next = await own()
    await client.create({ ...bad, previous_response_id: next, stream_id: 'a' })
    const lost = await client.create({ ...good, previous_response_id: next, stream_id: 'a' })
    expect(readError(lost)['code']).toBe('previous_response_not_found')
  })

  it('answers one lane in order and lanes beside each other', async () => {
    const held: (() => void)[] = []
    const client = connect({
      gate: ({ kind, request, index }) =>
        kind === 'event' && request === 1 && index === 2
          ? new Promise<void>((resolve) => held.push(resolve))
          : undefined,
    })
    const ask = (stream_id: string, input: string) =>
      client.send({ type: 'response.create', model: 'm', input, stream_id })
    ask('a', 'one')
    ask('a', 'two')
    ask('b', 'three')
    const ends = () => client.events().filter(({ type }) => type === 'response.completed')
    await client.until(() => ends().length === 1 && held.length === 1)
    expect(ends().map(({ stream_id }) => stream_id)).toEqual(['b'])
    held[0]?.()
    await client.until(() => ends().length === 3)
    expect(ends().map(({ stream_id }) => stream_id)).toEqual(['b', 'a', 'a'])
    const ofA = client.events().filter(({ stream_id }) => stream_id === 'a')
    expect(ofA.filter(({ type }) => type === 'response.created')).toHaveLength(2)
    expect(ofA.findLastIndex(({ type }) => type === 'response.created')).toBeGreaterThan(
      ofA.findIndex(({ type }) => type === 'response.completed'),
    )
  })

  it('makes one response at a time by the older rule', async () => {
    let running = 0
    let most = 0
    const client = connect({
      facts: { socketLanes: 'one' },
      watch: ({ type }) => {
        if (type === 'request') most = Math.max(most, ++running)
        if (type === 'response.end') running--
      },
    })
    for (const stream_id of ['a', 'b', 'c'])
      client.send({ type: 'response.create', model: 'm', input: 'x', stream_id })
    await client.until(() => client.events().filter(({ type }) => type === 'response.completed').length === 3)
    expect(most).toBe(1)
  })

  it('warms up a context without an answer, and the next request continues it', async () => {
    const client = connect({ answers: [says('warm')] })
    const warm = readResponse(await client.create({ input: 'a long context', generate: false, store: false }))
    expect(warm['output']).toEqual([])
    expect(warm['usage']).toMatchObject({ output_tokens: 0 })
    const next = readResponse(
      await client.create({ input: [], previous_response_id: warm['id'] ?? null, store: false }),
    )
    expect(JSON.stringify(next['output'])).toContain('warm')
  })

  it.each<[message: JsonObject, code: string | null, param: string | null]>([
    [{ type: 'response.create', stream_id: '' }, 'invalid_stream_id', 'stream_id'],
    [{ type: 'response.create', stream_id: 'ä' }, 'invalid_stream_id', 'stream_id'],
    [{ type: 'response.create', stream_id: 'x'.repeat(257) }, 'invalid_stream_id', 'stream_id'],
    [{ type: 'response.cancel' }, null, 'type'],
    [{ type: 'response.create', model: 'm', input: 'a', background: true }, null, 'background'],
  ])('refuses %j with an event and stays open', async (message, code, param) => {
    const client = connect({})
    client.send(message)
    expect(client.events()[0]).toMatchObject({ type: 'error', status: 400, error: { code, param } })
    expect(client.ends).toEqual([])
  })

  it('refuses what is no JSON object, and a binary message', () => {
    const client = connect({})
    for (const text of ['', '{', '[]', 'null', undefined]) client.session.receive(text)
    expect(client.events().map(({ status }) => status)).toEqual([400, 400, 400, 400, 400])
  })

  it('has at most 32 named lanes', async () => {
    const client = connect({})
    for (let at = 0; at <= 32; at++)
      client.send({ type: 'response.create', model: 'm', input: 'a', stream_id: `lane-${at}` })
    await client.until(
      () => client.events().filter(({ type }) => type === 'response.completed').length === 32,
    )
    const errors = client.events().filter(({ type }) => type === 'error')
    expect(errors).toHaveLength(1)
    expect(errors[0]).toMatchObject({ error: { code: 'websocket_stream_limit_reached', param: 'stream_id' } })
  })

  it('takes no request after 60 minutes', async () => {
    let now = 1_790_000_000_000
    const client = connect({ now: () => now })
    await client.create({ input: 'a' })
    now += LONGEST_AGE
    client.send({ type: 'response.create', model: 'm', input: 'b' })
    expect(client.events().at(-1)).toMatchObject({
      type: 'error',
      error: { code: 'websocket_connection_limit_reached' },
    })
    expect(client.ends).toEqual(['closed 1000'])
  })

  it('breaks if the script throws, as over HTTP', async () => {
    const client = connect({
      script: () => {
        throw new Error('a mistake of the script')
      },
    })
    client.send({ type: 'response.create', model: 'm', input: 'a' })
    await client.until(() => client.ends.length > 0)
    expect(client.ends).toEqual(['broken'])
  })

  it('refuses the key of a stranger', () => {
    const service = createService({ apiKey: 'right' })
    const peer = { send() {}, close() {}, terminate() {} }
    const opened = service.connect({ url: 'http://127.0.0.1/v1/responses', headers: new Headers(), peer })
    expect(opened).toMatchObject({ status: 401 })
  })

  it('stops what is being made when the client goes', async () => {
    const seen: string[] = []
    let hold: (() => void) | undefined
    const client = connect({
      watch: ({ type }) => void seen.push(type),
      gate: ({ kind, index }) =>
        kind === 'event' && index === 2 ? new Promise<void>((resolve) => (hold = resolve)) : undefined,
    })
    client.send({ type: 'response.create', model: 'm', input: 'a' })
    await client.until(() => client.told.length === 2)
    client.session.close()
    await new Promise((resolve) => setImmediate(resolve))
    hold?.()
    expect(seen).toContain('request.cancelled')
    expect(client.told).toHaveLength(2)
  })
})

describe('a fault on a connection', () => {
  it.each<
    [fault: NonNullable<ScriptedAnswer['faults']>[number], last: string | undefined, end: string | undefined]
  >([
    [{ kind: 'http', status: 429, code: 'rate_limit_exceeded' }, 'error', undefined],
    [{ kind: 'refuse-connection' }, undefined, 'broken'],
    [{ kind: 'reset', at: 3 }, 'response.output_item.added', 'broken'],
    [{ kind: 'eof', at: 3 }, 'response.output_item.added', 'closed 1011'],
    [{ kind: 'failed', at: 3, code: 'server_error' }, 'response.failed', undefined],
    [{ kind: 'incomplete', at: 4, reason: 'max_output_tokens' }, 'response.incomplete', undefined],
    [{ kind: 'error-event', at: 3, form: 'flat', code: 'server_error' }, 'error', undefined],
    [{ kind: 'error-event', at: 3, form: 'nested', code: 'server_error' }, 'error', undefined],
  ])('%j has its form there', async (fault, last, end) => {
    const client = connect({ answers: [{ ...says('Hello there.'), faults: [fault] }] })
    const events = await client.create({ input: 'hi' })
    expect(events.at(-1)?.['type']).toBe(last)
    expect(client.ends).toEqual(end === undefined ? [] : [end])
    await new Promise((resolve) => setImmediate(resolve))
    expect(client.told).toHaveLength(events.length)
    if (fault.kind === 'http') expect(readError(events)).toMatchObject({ status: 429, code: fault.code })
  })

  it('that is garbage comes as a message that is no JSON', async () => {
    const client = connect({
      answers: [{ ...says('Hello'), faults: [{ kind: 'garbage', at: 3, data: 'not json' }] }],
    })
    client.send({ type: 'response.create', model: 'm', input: 'a', stream_id: 'a' })
    await client.until(() => client.told.includes('not json') || client.ends.length > 0)
    expect(client.told).toContain('not json')
  })

  it('that is a stall leaves the client waiting', async () => {
    const seen: string[] = []
    const client = connect({
      answers: [{ ...says('Hello'), faults: [{ kind: 'stall', at: 3 }] }],
      watch: ({ type }) => void seen.push(type),
    })
    client.send({ type: 'response.create', model: 'm', input: 'a' })
    await client.until(() => client.told.length === 3)
    await new Promise((resolve) => setImmediate(resolve))
    expect(seen).toContain('stalled')
    expect(client.ends).toEqual([])
  })
})
