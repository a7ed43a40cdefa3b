import { describe, expect, it } from 'vitest'
import { isObject, type Json, type JsonObject } from '../../json.ts'
import { queueScript } from '../script.ts'
import { createService, type ServiceSetup } from '../service.ts'
import type { ScriptedAnswer } from '../types.ts'
import { LONGEST_AGE } from './errors.ts'

const says = (text: string): ScriptedAnswer => ({ items: [{ type: 'text', text }] })

/** A client that keeps what it is told. */
function connect(setup: ServiceSetup & { answers?: ScriptedAnswer[] } = {}) {
  const { answers = [], ...rest } = setup
  const service = createService({ script: queueScript(answers), ...rest })
  const told: string[] = []
  const ends: string[] = []
  const listeners = new Set<() => void>()
  const tell = (list: string[], text: string) => {
    list.push(text)
    for (const listener of [...listeners]) listener()
  }
  const session = service.connect({
    url: 'http://127.0.0.1/v1/responses',
    headers: new Headers(),
    peer: {
      send: (text) => tell(told, text),
      close: (code) => tell(ends, `closed ${code}`),
      terminate: () => tell(ends, 'broken'),
    },
  })
  if ('rule' in session) throw new Error(`refused: ${session.rule}`)
  const events = () =>
    told.filter((text) => text.startsWith('{')).map((text) => JSON.parse(text) as JsonObject)
  /** Resolves as soon as something holds. */
  const until = (holds: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!holds()) return
        listeners.delete(look)
        resolve()
      }
      listeners.add(look)
      look()
    })
  const isEnd = ({ type }: JsonObject) =>
    ['response.completed', 'response.incomplete', 'response.failed', 'error'].includes(String(type))
  let ended = 0
  return {
    service,
    session,
    told,
    ends,
    events,
    until,
    send: (message: JsonObject) => session.receive(JSON.stringify(message)),
    /** Sends a request for a response, and returns the events up to its end. */
    async create(body: JsonObject): Promise<JsonObject[]> {
      const from = told.length
      session.receive(JSON.stringify({ type: 'response.create', model: 'gpt-5.1', ...body }))
      ended++
      await until(() => events().filter(isEnd).length >= ended || ends.length > 0)
      return told.slice(from).map((text) => JSON.parse(text) as JsonObject)
    },
  }
}

function readResponse(events: readonly JsonObject[]): JsonObject {
  const response = events.at(-1)?.['response']
  if (!isObject(response)) throw new Error(`no response: ${JSON.stringify(events.at(-1))}`)
  return response
}

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

describe('steering', () => {
  const calls: ScriptedAnswer = {
    items: [
      { type: 'call', tool: 'look', args: {} },
      { type: 'call', tool: 'look', args: {} },
    ],
  }
  const tools = [{ type: 'function', name: 'look', parameters: { type: 'object', properties: {} } }]
  const reasoned: ScriptedAnswer = {
    items: [
      { type: 'reasoning', summary: ['Why?'], encrypted: false },
      { type: 'text', text: 'Not told any more.' },
    ],
  }

  /** Begins a response and holds it before its event with this number. */
  async function begin(answers: ScriptedAnswer[], at: number, body: JsonObject = {}) {
    let letGo = () => {}
    const held = new Promise<void>((resolve) => {
      letGo = resolve
    })
    const client = connect({
      answers,
      gate: ({ kind, request, index }) =>
        kind === 'event' && request === 1 && index === at ? held : undefined,
    })
    client.send({ type: 'response.create', model: 'm', input: 'a', store: false, stream_id: 'x', ...body })
    await client.until(() => client.told.length === at)
    const id = readCreated(client.events()[0])
    const steer = (input: Json) => client.send({ type: 'response.steer', previous_response_id: id, input })
    const typesOf = () => client.events().map(({ type }) => type)
    const ends = (count: number) => client.until(() => client.events().filter(isTerminal).length >= count)
    return { client, id, steer, letGo, typesOf, ends }
  }

  const isTerminal = ({ type }: JsonObject) => /^response\.(completed|incomplete|failed)$/.test(String(type))
  const readCreated = (event: JsonObject | undefined): string => {
    const response = event?.['response']
    return isObject(response) ? String(response['id']) : ''
  }

  it('ends the response at its next item, and starts its successor with the input', async () => {
    const { client, id, steer, letGo, ends } = await begin([reasoned, says('In French.')], 4)
    steer('In French, please.')
    letGo()
    await ends(2)
    const events = client.events()
    const accepted = events.find(({ type }) => type === 'response.steer.accepted')
    expect(accepted).toMatchObject({ steer: { previous_response_id: id }, stream_id: 'x' })
    const [first, second] = events.filter(isTerminal)
    expect(first).toMatchObject({
      type: 'response.incomplete',
      response: { id, incomplete_details: { reason: 'steered' }, output: [{ type: 'reasoning' }] },
    })
    expect(second).toMatchObject({ type: 'response.completed', response: { previous_response_id: id } })
    expect(JSON.stringify(second)).toContain('In French.')
    const upTo = events.indexOf(first as JsonObject)
    expect(events.slice(0, upTo + 1).map(({ sequence_number }) => sequence_number)).toEqual(
      events.slice(0, upTo + 1).map((_, at) => at),
    )
  })

  it('lets a response complete whose item was the last, and starts one successor for two inputs', async () => {
    const { client, steer, letGo, ends } = await begin([says('one'), says('two')], 4)
    steer('First.')
    steer([{ role: 'user', content: 'Second.' }])
    letGo()
    await ends(2)
    expect(
      client
        .events()
        .filter(isTerminal)
        .map(({ type }) => type),
    ).toEqual(Array(2).fill('response.completed'))
    const seen = [...client.service.store.responses.values()]
    expect(seen).toHaveLength(0)
    expect(client.events().filter(({ type }) => type === 'response.created')).toHaveLength(2)
  })

  it('waits for the outputs of tools, and puts the input before them', async () => {
    const { client, id, steer, letGo, typesOf, ends } = await begin([calls, says('done')], 4, { tools })
    steer('Be quick.')
    letGo()
    await ends(1)
    await client.until(() => typesOf().includes('response.steer.pending'))
    const pending = client.events().find(({ type }) => type === 'response.steer.pending')
    const required = pending?.['required_input'] as JsonObject[]
    expect(required.map(({ type, name }) => [type, name])).toEqual([['function_call_output', 'look']])
    const input = required.map(
      ({ call_id }) => ({ type: 'function_call_output', call_id, output: 'sunny' }) as JsonObject,
    )
    client.send({
      type: 'response.create',
      ...{ model: 'm', store: false, stream_id: 'x', tools, previous_response_id: id, input },
    })
    await ends(2)
    expect(client.events().at(-1)?.['type']).toBe('response.completed')
  })

  it.each<[input: Json, body: JsonObject, code: string]>([
    [[{ type: 'function_call_output', call_id: 'c', output: '' }], {}, 'invalid_input'],
    ['', {}, 'invalid_input'],
    ['x', { context_management: [{ type: 'compaction' }] }, 'steering_not_supported'],
  ])('refuses %j', async (input, body, code) => {
    const { client, steer, letGo, ends } = await begin([says('one')], 4, body)
    steer(input)
    expect(client.events().at(-1)).toMatchObject({ type: 'response.steer.failed', error: { code } })
    letGo()
    await ends(1)
    expect(client.events().at(-1)?.['type']).toBe('response.completed')
  })

  it('refuses a response that has ended, and one that nobody knows', async () => {
    const client = connect({})
    const done = readResponse(await client.create({ input: 'a' }))
    for (const id of [done['id'] ?? null, 'resp_none', null])
      client.send({ type: 'response.steer', previous_response_id: id, input: 'b' })
    const failed = client.events().filter(({ type }) => type === 'response.steer.failed')
    expect(failed.map(({ error }) => (isObject(error) ? error['code'] : null))).toEqual([
      'response_already_completed',
      'response_not_found',
      'response_not_found',
    ])
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
