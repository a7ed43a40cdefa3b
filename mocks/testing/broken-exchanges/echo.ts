import type { JsonObject } from '../../json.ts'
import type { Recording } from '../../recordings/types.ts'
import { buildCreated } from '../exchanges.ts'

/** For each field that a response repeats: the field as it was sent, and another value. */
export const echoCases: readonly [rule: string, kept: Recording[], broken: Recording[]][] = casesOf()

function casesOf(): [string, Recording[], Recording[]][] {
  const tools = [{ type: 'function', name: 'look_up' }]
  const values: Record<
    string,
    [sent: JsonObject[string], shown: JsonObject[string], other: JsonObject[string]]
  > = {
    store: [true, true, false],
    max_output_tokens: [32, 32, null],
    temperature: [0.5, 0.5, 1],
    prompt_cache_key: ['key', 'key', 'other'],
    previous_response_id: ['resp_0', 'resp_0', null],
    parallel_tool_calls: [false, false, true],
    user: ['u', 'u', null],
    top_p: [0.5, 0.5, 1],
    metadata: [{ a: '1' }, { a: '1' }, {}],
    truncation: ['auto', 'auto', 'disabled'],
    background: [false, false, true],
    top_logprobs: [2, 2, 0],
    instructions: ['Be brief.', 'Be brief.', null],
    model: ['gpt-4o', 'gpt-4o-2024-08-06', 'gpt-5'],
    tool_choice: ['auto', 'auto', 'none'],
    text: [{ format: { type: 'text' } }, { format: { type: 'text' } }, { format: { type: 'json_schema' } }],
    conversation: ['conv_1', { id: 'conv_1' }, null],
    tools: [tools, tools, []],
  }
  return Object.entries(values).map(([field, [sent, shown, other]]) => [
    `echo-${field.replaceAll('_', '-')}`,
    [buildCreated({ [field]: sent }, { [field]: shown })],
    [buildCreated({ [field]: sent }, { [field]: other })],
  ])
}
