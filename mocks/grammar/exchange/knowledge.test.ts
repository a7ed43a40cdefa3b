import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../json.ts'
import type { Recording } from '../../recordings/types.ts'
import { readExchange } from './exchange.ts'
import { buildContext, createKnowledge, learn } from './knowledge.ts'

const recorded = (url: string, body: JsonObject, json: JsonObject): Recording => ({
  request: { method: 'POST', url, headers: {}, body, recorded: true },
  response: { status: 200, headers: {}, body: { json } },
})
const created = recorded('/v1/conversations', {}, { id: 'conv_1', object: 'conversation' })
const answered = (at: number, body: JsonObject): Recording =>
  recorded(
    '/v1/responses',
    { model: 'm', input: 'hi', ...body },
    {
      ...{ id: `resp_${at}`, object: 'response', status: 'completed' },
      output: [{ type: 'message', id: `msg_${at}`, role: 'assistant', content: [] }],
    },
  )

describe('what is known of a long history', () => {
  it.each<[string, (at: number) => JsonObject]>([
    ['a chain of responses', (at) => (at === 0 ? {} : { previous_response_id: `resp_${at - 1}` })],
    ['a conversation object', () => ({ conversation: 'conv_1' })],
  ])('of %s is all of it up to 2,000 items, and nothing beyond', (_, body) => {
    const known = createKnowledge()
    learn(known, readExchange(created))
    let seen = 0
    for (let at = 0; at < 3_000; at++) {
      const asked = body(at)
      const { chain, isComplete } = buildContext(known, asked)
      seen += chain.length
      expect(isComplete).toBe(at <= 1_000)
      expect(chain.length).toBe(at <= 1_000 ? 2 * at : 0)
      learn(known, readExchange(answered(at, asked)))
    }
    expect(seen).toBe(1_001_000)
  })
})
