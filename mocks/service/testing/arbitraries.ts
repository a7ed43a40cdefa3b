import fc from 'fast-check'
import type { JsonObject } from '../../json.ts'
import type { Answer, Fault, Item, Wire } from '../types.ts'
import { arbitraryWires } from '../wire-arbitrary.ts'

/** Texts as models write them: not empty, any Unicode. */
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

/** Parameters of a create body that change the composed answer and are never refused. */
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

export const wires: fc.Arbitrary<Wire> = arbitraryWires(400)

const at = fc.oneof(fc.nat(30), fc.constant(Number.MAX_SAFE_INTEGER))
const codes = fc.constantFrom('server_error', 'rate_limit_exceeded', 'insufficient_quota')

export const faults: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: fc.constant('http' as const), status: fc.constantFrom(400, 408, 409, 429, 500, 503) }),
  fc.record({ kind: fc.constant('refuse-connection' as const) }),
  fc.record({
    kind: fc.constant('error-event' as const),
    at,
    form: fc.constantFrom('nested' as const, 'flat' as const),
    code: codes,
  }),
  fc.record({ kind: fc.constant('failed' as const), at, code: codes }),
  fc.record({
    kind: fc.constant('incomplete' as const),
    at,
    reason: fc.constantFrom('max_output_tokens', 'content_filter'),
  }),
  fc.record({ kind: fc.constantFrom('eof' as const, 'reset' as const, 'stall' as const), at }),
  fc.record({
    kind: fc.constant('garbage' as const),
    at,
    data: fc.constantFrom('<html>', '{"open', 'data\n\ndata'),
  }),
)
