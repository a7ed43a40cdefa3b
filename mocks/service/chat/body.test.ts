import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../json.ts'
import { refuseForm } from '../../request-rules/body-form.ts'
import { createBodySchema } from '../../request-rules/body-schemas.ts'
import { refuseChat } from '../../request-rules/chat.ts'
import { texts } from '../testing/arbitraries.ts'
import { translateBody } from './body.ts'

const call = (id: string, city: string) => ({
  id,
  type: 'function',
  function: { name: 'lookup', arguments: JSON.stringify({ city }) },
})
const tool = {
  type: 'function',
  function: { name: 'lookup', description: 'A tool', parameters: { type: 'object', properties: {} } },
}
const translated = (chat: JsonObject) => translateBody({ model: 'm', messages: [], ...chat })

describe('a chat request as a request for a response', () => {
  it('has the first system messages as instructions, calls and their results as items, and is not stored', () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'developer', content: [{ type: 'text', text: 'Be kind.' }] },
      { role: 'user', content: [{ type: 'text', text: 'hi' }] },
      { role: 'assistant', content: 'I look.', tool_calls: [call('call_1', 'Bern'), call('call_2', 'Oslo')] },
      { role: 'tool', tool_call_id: 'call_1', content: 'warm' },
      { role: 'tool', tool_call_id: 'call_2', content: [{ type: 'text', text: 'cold' }] },
      { role: 'system', content: 'Now sum up.' },
    ]
    expect(translated({ messages, tools: [tool], store: true })).toEqual({
      model: 'm',
      instructions: 'Be brief.\nBe kind.',
      input: [
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'I look.' }] },
        { type: 'function_call', call_id: 'call_1', name: 'lookup', arguments: '{"city":"Bern"}' },
        { type: 'function_call', call_id: 'call_2', name: 'lookup', arguments: '{"city":"Oslo"}' },
        { type: 'function_call_output', call_id: 'call_1', output: 'warm' },
        { type: 'function_call_output', call_id: 'call_2', output: [{ type: 'input_text', text: 'cold' }] },
        { type: 'message', role: 'system', content: 'Now sum up.' },
      ],
      tools: [
        {
          type: 'function',
          name: 'lookup',
          description: 'A tool',
          parameters: { type: 'object', properties: {} },
          strict: false,
        },
      ],
      store: false,
    })
  })

  it('asks for the same with every option that has another name', () => {
    expect(
      translated({
        max_tokens: 20,
        reasoning_effort: 'low',
        verbosity: 'high',
        response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object' } } },
        tool_choice: { type: 'function', function: { name: 'lookup' } },
        stream: true,
        stream_options: { include_usage: true, include_obfuscation: false },
        temperature: 0,
        seed: 7,
        stop: ['.'],
      }),
    ).toMatchObject({
      max_output_tokens: 20,
      reasoning: { effort: 'low' },
      text: { format: { type: 'json_schema', name: 'n', schema: { type: 'object' } }, verbosity: 'high' },
      tool_choice: { type: 'function', name: 'lookup' },
      stream: true,
      stream_options: { include_obfuscation: false },
      temperature: 0,
    })
  })

  it('is one that the service takes, whatever legal conversation it carries', () => {
    const parts = fc.oneof(
      texts,
      fc.array(fc.record({ type: fc.constant('text'), text: texts }), { minLength: 1, maxLength: 3 }),
    )
    const said = fc.record({
      role: fc.constantFrom('system', 'developer', 'user', 'assistant'),
      content: parts,
    })
    const called = fc
      .uniqueArray(
        fc.nat(99).map((number) => `call_${number}`),
        { minLength: 1, maxLength: 3 },
      )
      .map((ids) => [
        { role: 'assistant', content: null, tool_calls: ids.map((id) => call(id, 'Bern')) },
        ...ids.map((tool_call_id) => ({ role: 'tool', tool_call_id, content: 'x' })),
      ])
    const messages = fc.array(fc.oneof(said, called), { maxLength: 6 }).map((held) => held.flat())
    fc.assert(
      fc.property(messages, (drawn) => {
        const chat = { model: 'm', messages: drawn, tools: [tool] } as unknown as JsonObject
        expect(refuseChat(chat)).toBe(undefined)
        expect(refuseForm(translateBody(chat), createBodySchema)).toBe(undefined)
      }),
    )
  })
})

describe('a chat request that the API refuses', () => {
  const user = { role: 'user', content: 'hi' }
  const asks = {
    role: 'assistant',
    content: null,
    tool_calls: [call('call_1', 'Bern'), call('call_2', 'Oslo')],
  }
  const answers = (tool_call_id: string) => ({ role: 'tool', tool_call_id, content: 'x' })
  const refusalOf = (chat: unknown) => {
    const found = refuseChat({ model: 'm', messages: [user], ...(chat as JsonObject) })
    return found && [found.rule, found.status, found.param]
  }

  it.each([
    [{ messages: [user, asks, answers('call_1'), user] }, 'chat-tool-calls-answered', 'messages.[3].role'],
    [{ messages: [user, asks, answers('call_1')] }, 'chat-tool-calls-answered', 'messages.[3].role'],
    [{ messages: [user, answers('call_1')] }, 'chat-tool-message-answers-a-call', 'messages.[1].role'],
    [
      { messages: [user, asks, answers('call_1'), answers('call_1')] },
      'chat-tool-message-answers-a-call',
      'messages.[3].role',
    ],
    [{ stream_options: { include_usage: true } }, 'chat-stream-options-with-stream', 'stream_options'],
    [{ previous_response_id: 'resp_1' }, 'parameter-known', 'previous_response_id'],
    [{ messages: [{ role: 'poet', content: 'x' }] }, 'parameter-value', 'messages[0].role'],
    [{ messages: 'hi' }, 'parameter-type', 'messages'],
    [{ temperature: 3 }, 'decimal-above-max', 'temperature'],
  ])('%j', (chat, rule, param) => {
    expect(refusalOf(chat)).toEqual([rule, 400, param])
  })

  it('is a refusal, whatever JSON it is that is none', () => {
    const keys = fc.constantFrom(
      'model',
      'messages',
      'tools',
      'stream',
      'stream_options',
      'tool_choice',
      'role',
    )
    const held = fc.oneof(fc.jsonValue(), fc.array(fc.dictionary(keys, fc.jsonValue())))
    fc.assert(
      fc.property(fc.dictionary(keys, held), (body) => {
        const chat = body as JsonObject
        const status =
          refuseChat(chat)?.status ?? refuseForm(translateBody(chat), createBodySchema)?.status ?? 200
        expect([200, 400]).toContain(status)
      }),
      { numRuns: 500 },
    )
  })

  it('is none where each call is answered at once, in any order', () => {
    expect(refusalOf({ messages: [user, asks, answers('call_2'), answers('call_1'), user] })).toBe(undefined)
    expect(refusalOf({ stream: true, stream_options: { include_usage: true } })).toBe(undefined)
  })
})
