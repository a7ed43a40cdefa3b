import { describe, expect, it } from 'vitest'
import { isObject, type Json, type JsonObject } from '../../json.ts'
import type { ScriptedAnswer } from '../types.ts'
import { connect, readResponse, says } from './testing/client.ts'

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
