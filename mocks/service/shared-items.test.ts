import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../json.ts'
import { createService } from './service.ts'
import { createItemSharing } from './shared-items.ts'
import { callService } from './testing/calls.ts'

const user = (content: string): JsonObject => ({ role: 'user', content })

describe('items of requests', () => {
  it('stay the same to the letter when they are shared', () => {
    const share = createItemSharing()
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (input) => {
        const text = JSON.stringify({ input })
        expect(JSON.stringify(share(JSON.parse(text)))).toBe(text)
      }),
    )
  })

  it('are shared where an earlier request has sent them', () => {
    const share = createItemSharing()
    const [first, second] = [
      ['Hello', 'Again'],
      ['Hello', 'Again', 'And again'],
    ].map((texts) => share({ input: texts.map(user) })['input'] as JsonObject[])
    expect(second?.slice(0, 2).map((item, at) => item === first?.[at])).toEqual([true, true])
  })

  it('are not shared where one key stands at another place', () => {
    const share = createItemSharing()
    share({ input: [{ role: 'user', content: 'Hello' }] })
    const [other] = share({ input: [{ content: 'Hello', role: 'user' }] })['input'] as JsonObject[]
    expect(Object.keys(other ?? {})).toEqual(['content', 'role'])
  })
})

describe('an item that a client sends without an id', () => {
  const body = { model: 'gpt-5.1', store: true, input: [user('Hello'), user('Anybody?')] }

  it('is known by the id that the service gives it, also where nobody has asked for that', async () => {
    // The ids of the service hold the second in which they were made.
    const setup = { seed: 'named', now: () => 1_767_225_600_000 }
    const listing = createService(setup)
    const { json } = await callService(listing, 'POST', '/responses', body)
    const listed = await callService(listing, 'GET', `/responses/${String(json['id'])}/input_items`)
    const [{ id } = {}] = listed.json['data'] as JsonObject[]
    expect(id).toMatch(/^msg_/)
    const other = createService(setup)
    await callService(other, 'POST', '/responses', body)
    const refer = (of: unknown) =>
      callService(other, 'POST', '/responses', {
        ...body,
        input: [{ type: 'item_reference', id: of }, user('So?')],
      })
    expect((await refer(id)).status).toBe(200)
    expect((await refer(`${String(id).slice(0, -1)}x`)).status).toBe(404)
  })
})

describe('an image in the input', () => {
  it('is listed with all its fields', async () => {
    const service = createService()
    const image_url = 'data:image/png;base64,AAAA'
    const input = [{ role: 'user', content: [{ type: 'input_image', image_url }] }]
    const { json } = await callService(service, 'POST', '/responses', { model: 'gpt-5.1', input })
    const listed = await callService(service, 'GET', `/responses/${String(json['id'])}/input_items`)
    expect(listed.json['data']).toMatchObject([
      { content: [{ type: 'input_image', detail: 'auto', file_id: null, image_url }] },
    ])
  })
})
