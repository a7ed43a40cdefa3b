import fc from 'fast-check'
import { z } from 'zod'
import type { Json, JsonObject } from '../../json.ts'
import { factOptions } from '../options.ts'
import { createOptions, functionTool, TOOLS, texts } from './arbitraries.ts'

type FactInput = z.input<typeof factOptions>

/** One generated request: its endpoint as in the table of allowed answers, and the choice of earlier ids. */
export interface Generated {
  endpoint: string
  query: string
  body: Json | undefined
  /** A text to send instead of the body. */
  raw: string | undefined
  /** Which known ids fill the places `<resp>`, `<conv>`, `<item>`, `<call>`, `<sealed>`, in order. */
  picks: number[]
}

const response = fc.constantFrom('<resp>', '<resp>', '<resp>', 'resp_unknown', '')
const conversation = fc.constantFrom('<conv>', '<conv>', 'conv_unknown')
const id = fc.constantFrom('<item>', 'msg_1', 'fc_1', 'rs_1', '', 'bad id!')
const callId = fc.constantFrom('<call>', '<call>', 'call_1', 'call_2')
const anything = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>
const sealed = fc.constantFrom('<sealed>', 'gAAAAnothers')

const message = fc.record(
  {
    type: fc.constant('message'),
    id,
    role: fc.constantFrom('user', 'assistant', 'system', 'developer'),
    content: fc.oneof(
      texts,
      fc.constant([{ type: 'input_text', text: 'x' }]),
      fc.constant([{ type: 'output_text', text: 'y' }]),
    ),
    status: fc.constantFrom('completed', null),
  },
  { requiredKeys: ['role', 'content'] },
)
const functionCall = fc.record(
  {
    type: fc.constant('function_call'),
    id,
    call_id: callId,
    name: fc.constantFrom(...TOOLS),
    arguments: fc.constant('{}'),
  },
  { requiredKeys: ['type', 'call_id', 'name', 'arguments'] },
)
const functionOutput = fc.record({
  type: fc.constant('function_call_output'),
  call_id: callId,
  output: texts,
})
const reasoning = fc.record(
  { type: fc.constant('reasoning'), id, summary: fc.constant([]), encrypted_content: sealed },
  { requiredKeys: ['type', 'summary'] },
)
const reference = fc.record({ type: fc.constant('item_reference'), id })
const item = fc.oneof(
  { weight: 6, arbitrary: message },
  { weight: 2, arbitrary: functionCall },
  { weight: 3, arbitrary: functionOutput },
  { weight: 1, arbitrary: reasoning },
  { weight: 1, arbitrary: reference },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constantFrom('compaction', 'computer_call', 'nonsense'),
      encrypted_content: sealed,
    }),
  },
  { weight: 1, arbitrary: anything },
) as fc.Arbitrary<Json>
const input = fc.oneof(texts, fc.array(item, { maxLength: 4 }))

const rarely = <T>(oneIn: number, value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: oneIn - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value })

/** A key with the value undefined is not sent. */
const chained = fc.record({
  model: fc.constantFrom('m', 'm', 'm', 'm', 'm', 'm', 'm', 'small', 'absent'),
  input,
  previous_response_id: rarely(2, response),
  conversation: rarely(4, fc.oneof(conversation, fc.record({ id: conversation }))),
  stream: rarely(2, fc.boolean()),
  background: rarely(4, fc.boolean()),
  reasoning: rarely(6, fc.record({ effort: fc.constantFrom('low', 'minimal') })),
}) as fc.Arbitrary<JsonObject>

/** A create body that is mostly right. Some parameters are unusual, missing or of the wrong type. */
const createBody = fc
  .tuple(
    chained,
    createOptions,
    rarely(
      8,
      fc.tuple(
        fc.constantFrom(
          'model',
          'input',
          'tools',
          'store',
          'temperature',
          'top_logprobs',
          'metadata',
          'text',
          'extra',
          'include',
          'stream',
        ),
        anything,
      ),
    ),
    rarely(12, fc.constantFrom('model', 'input')),
  )
  .map(([chain, options, odd, without]): JsonObject => {
    const body: JsonObject = { ...options, ...chain }
    if (odd !== undefined) body[odd[0]] = odd[1]
    if (without !== undefined) delete body[without]
    return body
  })

const conversationBody = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record(
      { items: fc.array(message, { maxLength: 22 }), metadata: fc.constantFrom({}, { a: 'b' }) },
      { requiredKeys: [] },
    ),
  },
  { weight: 1, arbitrary: anything },
) as fc.Arbitrary<Json>

const tools = fc.constant({ tools: TOOLS.map(functionTool) })
const listQuery = fc.constantFrom(
  '',
  '?limit=2',
  '?limit=101',
  '?limit=0',
  '?limit=x',
  '?order=asc',
  '?order=up',
  '?after=<item>',
)
const streamQuery = fc.constantFrom(
  '',
  '',
  '?stream=true',
  '?stream=true&starting_after=1',
  '?stream=true&starting_after=x',
)

const ENDPOINTS: readonly [
  weight: number,
  endpoint: string,
  body: fc.Arbitrary<Json> | undefined,
  query?: fc.Arbitrary<string>,
][] = [
  [30, 'POST /responses', createBody],
  [2, 'POST /responses/input_tokens', createBody],
  [2, 'POST /responses/compact', createBody],
  [6, 'GET /responses/:id', undefined, streamQuery],
  [1, 'DELETE /responses/:id', undefined],
  [2, 'POST /responses/:id/cancel', undefined],
  [2, 'GET /responses/:id/input_items', undefined, listQuery],
  [3, 'POST /conversations', conversationBody],
  [1, 'GET /conversations/:id', undefined],
  [1, 'POST /conversations/:id', conversationBody],
  [1, 'DELETE /conversations/:id', undefined],
  [2, 'POST /conversations/:id/items', conversationBody],
  [2, 'GET /conversations/:id/items', undefined, listQuery],
  [1, 'GET /conversations/:id/items/:id', undefined],
  [1, 'DELETE /conversations/:id/items/:id', undefined],
  [1, 'PUT /responses', tools as fc.Arbitrary<Json>],
  [1, 'POST /responses/:id/unknown', undefined],
]

/** All options of the service, half of the time with their defaults. */
export const facts: fc.Arbitrary<FactInput> = fc.oneof(
  fc.constant({}),
  fc.record(
    Object.fromEntries(
      Object.entries(z.toJSONSchema(factOptions, { io: 'input' }).properties ?? {}).map(([name, held]) => {
        const choices = typeof held === 'object' ? held.enum : undefined
        const values =
          choices ?? (typeof held === 'object' && held.type === 'boolean' ? [true, false] : [0, 3, 10_000])
        return [name, fc.constantFrom(...values)]
      }),
    ),
    { requiredKeys: [] },
  ) as fc.Arbitrary<FactInput>,
)

export const requests: fc.Arbitrary<Generated> = fc
  .oneof(
    ...ENDPOINTS.map(([weight, endpoint, body, query]) => ({
      weight,
      arbitrary: fc.record({
        endpoint: fc.constant(endpoint),
        query: query ?? fc.constant(''),
        body: (body ?? fc.constant(undefined)) as fc.Arbitrary<Json | undefined>,
      }),
    })),
  )
  .chain((base) =>
    fc.record({
      endpoint: fc.constant(base.endpoint),
      query: fc.constant(base.query),
      body: fc.constant(base.body),
      raw: rarely(30, fc.constantFrom('{', 'nonsense', '[1,2', '')),
      picks: fc.array(fc.nat(1000), { minLength: 4, maxLength: 4 }),
    }),
  )
