import fc from 'fast-check'
import type { JsonObject } from '../../json.ts'
import type { Answer, Item, Wire } from '../types.ts'

/** Texts as models write them: never empty, any Unicode. */
export const texts = fc.oneof(
  fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }),
  fc.lorem({ maxCount: 12 }),
)

export const TOOLS = ['get_weather', 'lookup'] as const

export const functionTool = (name: string): JsonObject => ({
  type: 'function',
  name,
  description: 'A tool',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  },
  strict: true,
})

export const items: fc.Arbitrary<Item> = fc.oneof(
  fc.record({ type: fc.constant('text' as const), text: texts }),
  fc.record({ type: fc.constant('refusal' as const), text: texts }),
  fc.record({
    type: fc.constant('reasoning' as const),
    summary: fc.array(texts, { maxLength: 3 }),
    encrypted: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('call' as const),
    tool: fc.constantFrom(...TOOLS),
    args: fc.record({ city: texts }),
  }),
)

export const answers: fc.Arbitrary<Answer> = fc.record({
  items: fc.array(items, { minLength: 1, maxLength: 4 }),
})

/** Options of a create body that change what is composed, and none that can be refused. */
export const createOptions: fc.Arbitrary<JsonObject> = fc.record(
  {
    instructions: texts,
    include: fc.subarray(['reasoning.encrypted_content', 'message.output_text.logprobs']),
    stream_options: fc.constantFrom({ include_obfuscation: false }, { include_obfuscation: true }),
    parallel_tool_calls: fc.boolean(),
    tool_choice: fc.constantFrom('auto', 'none', 'required'),
    max_output_tokens: fc.integer({ min: 16, max: 60 }),
    store: fc.boolean(),
    temperature: fc.constantFrom(0, 0.5, 1),
    metadata: fc.constantFrom({}, { run: '7' }),
    service_tier: fc.constantFrom('auto', 'default', 'flex'),
    truncation: fc.constantFrom('auto', 'disabled'),
    text: fc.constantFrom({ format: { type: 'text' } }, { format: { type: 'json_object' } }),
    tools: fc.constant(TOOLS.map(functionTool)),
  },
  { requiredKeys: ['tools'] },
) as fc.Arbitrary<JsonObject>

export const wires: fc.Arbitrary<Wire> = fc.record(
  {
    chunk: fc.integer({ min: 1, max: 400 }),
    eol: fc.constantFrom('lf' as const, 'crlf' as const),
    comments: fc.constant(true as const),
    done: fc.constant(true as const),
    unknown: fc.constant(true as const),
    noSequence: fc.constant(true as const),
    obfuscation: fc.constant(true as const),
  },
  { requiredKeys: [] },
)
