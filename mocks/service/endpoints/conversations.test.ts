import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../json.ts'
import { readLineage } from '../ids.ts'
import { queueScript } from '../script.ts'
import { createService } from '../service.ts'
import { callService } from '../testing/calls.ts'
import { createClient } from '../testing/client.ts'
import type { Answer } from '../types.ts'

const says: Answer = { items: [{ type: 'text', text: 'Fine.' }], always: true }
const make = () => createService({ script: queueScript([says]) })
const textOf = ({ content }: JsonObject) => (content as JsonObject[])[0]?.['text']

describe('a conversation object', () => {
  it('takes input and output of each response, is prepended to the next, and lists newest first', async () => {
    const service = make()
    const client = createClient(service)
    const seeds = [{ type: 'message' as const, role: 'system' as const, content: 'Be kind.' }]
    const conversation = await client.conversations.create({ items: seeds, metadata: { a: 'b' } })
    expect(conversation).toMatchObject({ object: 'conversation', metadata: { a: 'b' } })
    const first = await client.responses.create({ model: 'm', input: 'one', conversation: conversation.id })
    const second = await client.responses.create({
      model: 'm',
      input: 'two',
      conversation: { id: conversation.id },
    })
    expect(second).toMatchObject({ conversation: { id: conversation.id }, previous_response_id: null })
    expect(second.usage?.input_tokens).toBeGreaterThan(first.usage?.input_tokens ?? 0)
    const { data } = await client.conversations.items.list(conversation.id)
    expect(data.map((item) => textOf(item as unknown as JsonObject))).toEqual([
      'Fine.',
      'two',
      'Fine.',
      'one',
      'Be kind.',
    ])
    const lineage = conversation.id.slice(-16)
    expect([first.id, second.id, ...second.output.map(({ id }) => id ?? '')].map(readLineage)).toEqual(
      Array(3).fill(lineage),
    )
    expect(data.at(-1)?.id?.endsWith(lineage)).toBe(true)
  })

  it('is paged by limit and after, both ways', async () => {
    const service = make()
    const items = ['a', 'b', 'c', 'd', 'e'].map((content) => ({ role: 'user', content }))
    const id = String((await callService(service, 'POST', '/conversations', { items })).json['id'])
    for (const [order, texts] of [
      ['asc', ['a', 'b', 'c', 'd', 'e']],
      ['desc', ['e', 'd', 'c', 'b', 'a']],
    ] as const) {
      const seen: unknown[] = []
      let after = ''
      for (let more = true; more; ) {
        const { json } = await callService(
          service,
          'GET',
          `/conversations/${id}/items?limit=2&order=${order}${after}`,
        )
        const data = json['data'] as JsonObject[]
        expect(data.length).toBeLessThanOrEqual(2)
        expect([json['first_id'], json['last_id']]).toEqual([data[0]?.['id'], data.at(-1)?.['id']])
        seen.push(...data.map(textOf))
        after = `&after=${String(json['last_id'])}`
        more = json['has_more'] === true
      }
      expect(seen).toEqual(texts)
    }
  })

  it('changes its metadata, gives and loses items, and is deleted', async () => {
    const client = createClient(make())
    const { id } = await client.conversations.create({})
    expect(await client.conversations.update(id, { metadata: { x: 'y' } })).toMatchObject({
      metadata: { x: 'y' },
    })
    const added = await client.conversations.items.create(id, { items: [{ role: 'user', content: 'hi' }] })
    const item = added.data[0]?.id ?? ''
    expect(await client.conversations.items.retrieve(item, { conversation_id: id })).toMatchObject({
      id: item,
      role: 'user',
    })
    expect(await client.conversations.items.delete(item, { conversation_id: id })).toMatchObject({ id })
    expect((await client.conversations.items.list(id)).data).toEqual([])
    expect(await client.conversations.delete(id)).toEqual({
      id,
      object: 'conversation.deleted',
      deleted: true,
    })
    await expect(client.conversations.retrieve(id)).rejects.toMatchObject({ status: 404, code: null })
  })

  it('with store:false is read and not written (SERVICE-FACTS 4)', async () => {
    const service = make()
    const items = [{ role: 'user', content: 'before' }]
    const id = String((await callService(service, 'POST', '/conversations', { items })).json['id'])
    const alone = await callService(service, 'POST', '/responses', { model: 'm', input: 'hi' })
    const within = await callService(service, 'POST', '/responses', {
      model: 'm',
      input: 'hi',
      conversation: id,
      store: false,
    })
    const tokens = ({ json }: typeof alone) => Number((json['usage'] as JsonObject)['input_tokens'])
    expect(tokens(within)).toBeGreaterThan(tokens(alone))
    expect(
      ((await callService(service, 'GET', `/conversations/${id}/items`)).json['data'] as unknown[]).length,
    ).toBe(1)
  })

  it('takes a replayed history without ids as new items (SERVICE-FACTS 4)', async () => {
    const service = make()
    const id = String((await callService(service, 'POST', '/conversations', {})).json['id'])
    const history = [
      { role: 'user', content: 'one' },
      { role: 'assistant', content: 'Fine.' },
      { role: 'user', content: 'two' },
    ]
    await callService(service, 'POST', '/responses', { model: 'm', input: history, conversation: id })
    await callService(service, 'POST', '/responses', { model: 'm', input: history, conversation: id })
    expect(
      ((await callService(service, 'GET', `/conversations/${id}/items`)).json['data'] as unknown[]).length,
    ).toBe(8)
  })
})

describe('POST /responses/compact', () => {
  it('keeps the user messages with their ids and seals the rest into one item, which a new request takes', async () => {
    const service = make()
    const client = createClient(service)
    const first = await client.responses.create({ model: 'm', input: 'one' })
    const second = await client.responses.create({ model: 'm', input: 'two', previous_response_id: first.id })
    const compacted = await client.responses.compact({
      model: 'm',
      input: [],
      previous_response_id: second.id,
    })
    expect(Object.keys(compacted).filter((key) => key !== '_request_id')).toEqual([
      'id',
      'object',
      'created_at',
      'output',
      'usage',
    ])
    expect(compacted.object).toBe('response.compaction')
    expect(compacted.id.slice(5, 23)).toBe(`${readLineage(first.id)}01`)
    expect(compacted.output.map(({ type }) => type)).toEqual(['message', 'message', 'compaction'])
    const listed = await client.responses.inputItems.list(second.id, { order: 'asc' })
    const users = listed.data.filter((item) => 'role' in item && item.role === 'user').map(({ id }) => id)
    expect(compacted.output.slice(0, 2).map((item) => item.id)).toEqual(users)
    const next = await client.responses.create({
      model: 'm',
      input: [...(compacted.output as never[]), { role: 'user', content: 'three' }],
    })
    expect(next.status).toBe('completed')
    const sealed = compacted.output.at(-1) as unknown as JsonObject
    expect(service.store.compacted.get(String(sealed['encrypted_content']))?.length).toBe(4)
    await expect(
      client.responses.create({
        model: 'm',
        input: [{ ...sealed, encrypted_content: 'gAAAAforeign' } as never],
      }),
    ).rejects.toMatchObject({ status: 400, code: 'invalid_encrypted_content' })
  })
})

describe('POST /responses/input_tokens', () => {
  it('counts what a response with the same body then takes', async () => {
    const service = make()
    const tools = [{ type: 'function', name: 'f', parameters: { type: 'object', properties: {} } }]
    const bodies: JsonObject[] = [
      {},
      { instructions: 'Be brief.' },
      { tools },
      { input: 'much longer than before, by far' },
    ]
    const counts: number[] = []
    for (const body of bodies) {
      const asked = { model: 'm', input: 'hi', ...body }
      const { json } = await callService(service, 'POST', '/responses/input_tokens', asked)
      expect(json).toEqual({ object: 'response.input_tokens', input_tokens: json['input_tokens'] })
      const { json: response } = await callService(service, 'POST', '/responses', asked)
      expect((response['usage'] as JsonObject)['input_tokens']).toBe(json['input_tokens'])
      counts.push(Number(json['input_tokens']))
    }
    expect(counts.slice(1).every((count) => count > (counts[0] ?? 0))).toBe(true)
  })
})
