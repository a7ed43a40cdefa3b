import type { JsonObject } from '../../json.ts'
import { pair } from './requests.ts'

// The refusals of SERVICE-FACTS 15: limits, and the content of items.

const user = { role: 'user', content: 'hi' }
const call = (call_id: string): JsonObject => ({ type: 'function_call', call_id, name: 'f', arguments: '{}' })
const output = (call_id: string): JsonObject => ({ type: 'function_call_output', call_id, output: 'done' })
const said = (role: string, type: string): JsonObject => ({
  input: [{ role, content: [{ type, text: 'x' }] }, user],
})
const pairs = (count: number): JsonObject => ({
  metadata: Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 'v'])),
})
const image = (image_url: string): JsonObject => ({
  input: [{ role: 'user', content: [{ type: 'input_image', image_url }] }],
})
const data = (bytes: string) => `data:image/png;base64,${bytes}`
const x = (length: number) => 'x'.repeat(length)

const bodies: readonly Parameters<typeof pair>[] = [
  [
    'integer-below-min',
    'max_output_tokens 15 / 16',
    { max_output_tokens: 15 },
    { max_output_tokens: 16 },
    'integer_below_min_value',
    'max_output_tokens',
  ],
  [
    'string-above-max-length',
    'a call_id of 65 characters / 64',
    { input: [user, call(x(65)), output(x(65))] },
    { input: [user, call(x(64)), output(x(64))] },
    'string_above_max_length',
    'input[1].call_id',
  ],
  [
    'string-above-max-length',
    'a call_id of another kind of item with 65 characters / 64',
    { input: [{ type: 'computer_call', call_id: x(65) }] },
    { input: [{ type: 'computer_call', call_id: x(64) }] },
    'string_above_max_length',
    'input[0].call_id',
  ],
  [
    'string-above-max-length',
    'a prompt_cache_key of 65 characters / 64',
    { prompt_cache_key: x(65) },
    { prompt_cache_key: x(64) },
    'string_above_max_length',
    'prompt_cache_key',
  ],
  [
    'parameter-known',
    'a phase of the user / of the assistant',
    { input: [{ ...user, phase: 'final_answer' }] },
    { input: [{ role: 'assistant', content: 'x', phase: 'final_answer' }] },
    'unknown_parameter',
    'input[0].phase',
  ],
  ['parameter-moved', 'messages / none', { messages: [user] }, {}, 'unsupported_parameter', null],
  [
    'parameter-value',
    'input_text of the assistant / output_text',
    said('assistant', 'input_text'),
    said('assistant', 'output_text'),
    'invalid_value',
    'input[0].content[0]',
  ],
  [
    'parameter-value',
    'output_text of the user / input_text',
    said('user', 'output_text'),
    said('user', 'input_text'),
    'invalid_value',
    'input[0].content[0]',
  ],
  [
    'parameter-value',
    'a part of type text / input_text',
    said('user', 'text'),
    said('user', 'input_text'),
    'invalid_value',
    'input[0].content[0].type',
  ],
  [
    'parameter-value',
    'output_text in an output / input_text',
    { input: [call('c'), { ...output('c'), output: [{ type: 'output_text', text: 'x' }] }] },
    { input: [call('c'), { ...output('c'), output: [{ type: 'input_text', text: 'x' }] }] },
    'invalid_value',
    'input[1].output[0]',
  ],
  [
    'parameter-value',
    'an empty item / a reference',
    { input: [{}] },
    { input: [user] },
    'invalid_value',
    'input[0]',
  ],
  [
    'parameter-value',
    'an unknown service tier / fast',
    { service_tier: 'bogus' },
    { service_tier: 'fast' },
    'invalid_value',
    'service_tier',
  ],
  [
    'parameter-type',
    'an item that is a number / a message',
    { input: [7] },
    { input: [user] },
    'invalid_type',
    'input[0]',
  ],
  [
    'object-above-max-properties',
    '17 pairs of metadata / 16',
    pairs(17),
    pairs(16),
    'object_above_max_properties',
    'metadata',
  ],
  [
    'image-url-readable',
    'an image of no bytes / of some',
    image(data('')),
    image(data('AAAA')),
    'invalid_value',
    'input[0].content[0].image_url',
  ],
  [
    'image-url-readable',
    'an image without the data: prefix / with its address',
    image('AAAA'),
    image('https://example.com/a.png'),
    'invalid_value',
    'input[0].content[0].image_url',
  ],
  [
    'image-url-readable',
    'an image that is not base64 / that is',
    image(data('!!!')),
    image(data('AA==')),
    'invalid_value',
    'input[0].content[0].image_url',
  ],
  [
    'input-not-empty',
    'an empty list / an item',
    { input: [] },
    { input: [user] },
    'missing_required_parameter',
    null,
  ],
  [
    'input-not-empty',
    'an empty text / a text',
    { input: '' },
    { input: 'x' },
    'missing_required_parameter',
    null,
  ],
]

export const limitCases = bodies.map((held) => pair(...held))
