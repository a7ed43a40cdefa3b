import type { StreamEvent } from '../grammar/types.ts'
import { isObject, type JsonObject } from '../json.ts'
import type { StreamedItem } from './streamed-items.ts'

/** A legal stream made by hand, for tests and benchmarks that must not depend on recordings. */
export interface StreamPlan {
  items: readonly StreamedItem[]
  /** How the response ends. Default: completed. */
  ends?: 'completed' | 'incomplete' | 'failed'
  /** A background response, which starts as queued. */
  queued?: boolean
  /** Add a nested error event before response.failed. */
  errorEvent?: boolean
  response?: JsonObject
}

const ID = 'resp_0123456789abcdef0068f0a1b2000000000000000000000000'

/** Returns the events of a legal stream, numbered from 0. */
export function buildStream(plan: StreamPlan): StreamEvent[] {
  const { items, queued = false, ends = 'completed' } = plan
  const opening = { ...RESPONSE, ...plan.response, status: queued ? 'queued' : 'in_progress' }
  const events: JsonObject[] = [{ type: 'response.created', response: opening }]
  if (queued) events.push({ type: 'response.queued', response: opening })
  events.push({ type: 'response.in_progress', response: { ...opening, status: 'in_progress' } })
  for (const [index, item] of items.entries()) events.push(...eventsOf(item, index))
  if (plan.errorEvent) events.push({ type: 'error', error: { ...ERROR, type: 'server_error', param: null } })
  events.push({ type: `response.${ends}`, response: { ...opening, ...endOf(ends, items) } })
  return numberEvents(events)
}

/** Returns events in frames, numbered from `start`. Existing numbers are replaced. */
export function numberEvents(events: readonly JsonObject[], start = 0): StreamEvent[] {
  return events.map((event, at) => {
    const data = { ...event, sequence_number: start + at }
    return { event: String(event['type']), data }
  })
}

/** Returns a copy of the data of events, for editing. */
export function copyData(events: readonly StreamEvent[]): JsonObject[] {
  return events.map(({ data }) => (isObject(data) ? structuredClone(data) : {}))
}

function eventsOf({ added, between, done }: StreamedItem, index: number): JsonObject[] {
  return [
    { type: 'response.output_item.added', output_index: index, item: added },
    ...between.map((event) => ({ ...event, output_index: index })),
    { type: 'response.output_item.done', output_index: index, item: done },
  ]
}

function endOf(ends: string, items: readonly StreamedItem[]): JsonObject {
  const output = ends === 'failed' ? [] : items.map(({ done }) => done)
  const usage = { input_tokens: 10, output_tokens: 20, total_tokens: 30 }
  const end = { status: ends, output, service_tier: 'default' }
  if (ends === 'failed') return { ...end, usage: null, error: ERROR }
  if (ends === 'completed') return { ...end, usage, completed_at: 1_760_000_002 }
  return { ...end, usage, incomplete_details: { reason: 'max_output_tokens' } }
}

const ERROR = { code: 'server_error', message: 'The server had an error.' }

const RESPONSE: JsonObject = {
  id: ID,
  object: 'response',
  created_at: 1_760_000_000,
  status: 'in_progress',
  background: false,
  completed_at: null,
  error: null,
  incomplete_details: null,
  instructions: 'Answer in one sentence.',
  max_output_tokens: null,
  metadata: {},
  model: 'gpt-4o-mini-2024-07-18',
  output: [],
  parallel_tool_calls: true,
  previous_response_id: null,
  prompt_cache_key: null,
  reasoning: { effort: null, summary: null },
  safety_identifier: null,
  service_tier: 'auto',
  store: true,
  temperature: 1,
  text: { format: { type: 'text' }, verbosity: 'medium' },
  tool_choice: 'auto',
  tools: [
    {
      type: 'function',
      name: 'look_up',
      description: 'Looks a word up.',
      strict: true,
      parameters: {
        type: 'object',
        properties: { word: { type: 'string' } },
        required: ['word'],
        additionalProperties: false,
      },
    },
  ],
  top_p: 1,
  truncation: 'disabled',
  usage: null,
  user: null,
}
