import type { Json } from '../../../mocks/json.ts'
import type { History } from '../../contract/events.ts'
import { mode, said, spanEnd, spanStart, stopped } from './events.ts'
import type { Examples } from './types.ts'

/** A chat span with this attribute, as JSON. */
function held(key: string, value: Json): History {
  return heldAs(key, JSON.stringify(value))
}

/** A chat span with this attribute, as it is. */
function heldAs(key: string, value: Json): History {
  return [mode('sensitive'), spanStart('chat gpt'), spanEnd('chat gpt', { [key]: value })]
}

const INPUT = 'gen_ai.input.messages'
const OUTPUT = 'gen_ai.output.messages'
const text = { type: 'text', content: 'Hello.' }
const called = { type: 'tool_call', id: 'call_1', name: 'get_weather', arguments: { city: 'Oslo' } }
const response = { type: 'tool_call_response', id: null, response: null }
const input = [
  { role: 'user', parts: [text, { type: 'uri', modality: 'image', uri: 'https://example.org' }], name: 'me' },
  { role: 'assistant', parts: [{ type: 'reasoning', content: '' }, called, { ...called, id: null }] },
  { role: 'tool', parts: [response, { type: 'tool_call_response', result: 'rain' }], more: true },
  { role: 'developer', parts: [{ type: 'refusal', refusal: 'No.' }] },
]
const output = [{ role: 'assistant', parts: [text, called], finish_reason: 'end_turn' }]

export const messageSchema: Record<string, Examples> = {
  'messages-follow-schema': {
    holds: [
      held(INPUT, input),
      heldAs(INPUT, input),
      held(OUTPUT, output),
      held('gen_ai.system_instructions', [text]),
      held(INPUT, []),
      // Sensitive data may be switched on late.
      [mode('off'), ...held(INPUT, input)],
      // The consumer stopped the run before the model had finished.
      [
        ...[mode('sensitive'), said('c0.t0', 'hi'), spanStart('chat gpt'), stopped('c0.t0', 'return')],
        spanEnd('chat gpt', { [OUTPUT]: [{ role: 'assistant', parts: [] }] }),
      ],
      { history: held('gen_ai.tool.call.result', 'rain'), unexercised: true },
      { history: [mode('on'), ...held(INPUT, 'content').slice(1)], unexercised: true },
    ],
    breaks: [
      {
        history: heldAs(INPUT, "[{'role': 'user'}]"),
        says: 'span "chat gpt" has gen_ai.input.messages that breaks its schema: found no JSON',
        cause: 'chat span, gen_ai.input.messages, no JSON',
      },
      {
        history: held(INPUT, { messages: [] }),
        says: 'has gen_ai.input.messages that breaks its schema',
        cause: 'chat span, gen_ai.input.messages, wrong type',
      },
      {
        history: held(INPUT, [{ role: 'user', parts: [{ ...text, type: '' }] }]),
        says: 'found an empty text at 0.parts.0.type',
      },
      { history: held(INPUT, [{ role: '', parts: [text] }]), says: 'found an empty text at 0.role' },
      {
        history: held(INPUT, [{ role: 'user', content: 'Hello.' }]),
        says: 'at 0.parts',
        cause: 'chat span, gen_ai.input.messages, wrong parts',
      },
      {
        history: held(INPUT, [{ role: 'user', parts: [{ type: 'text', text: 'Hello.' }] }]),
        says: 'at 0.parts.0.text.content',
        cause: 'chat span, gen_ai.input.messages, wrong parts.text.content',
      },
      {
        history: held(INPUT, [{ role: 'user', parts: ['Hello.'] }]),
        says: 'at 0.parts.0',
        cause: 'chat span, gen_ai.input.messages, wrong parts',
      },
      {
        history: held(INPUT, [{ role: 'tool', parts: [{ type: 'tool_call_response', id: 'call_1' }] }]),
        says: 'no response at 0.parts.0.tool_call_response.response',
      },
      {
        history: held(OUTPUT, [{ role: 'assistant', parts: [] }]),
        says: 'has gen_ai.output.messages that breaks its schema',
        cause: 'chat span, gen_ai.output.messages, wrong finish_reason',
      },
      {
        history: held('gen_ai.system_instructions', 'Be brief.'),
        says: 'at the top',
        cause: 'chat span, gen_ai.system_instructions, wrong type',
      },
    ],
  },
}
