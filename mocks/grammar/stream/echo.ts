import { type JsonObject, toShortJson } from '../../json.ts'
import type { Rule } from '../types.ts'
import { isEqual } from './equal.ts'
import { reportBreach, type StreamState } from './state.ts'

const RULES = {
  constant: {
    id: 'echo-constant',
    statement:
      'The response repeats its request in the same way in response.created and in the terminal event',
    source: 'GRAMMAR R30',
  },
  serviceTier: {
    id: 'service-tier-settles',
    statement:
      'service_tier stays the same, unless it was auto. Then the terminal event may have another value',
    source: 'GRAMMAR R30; SERVICE-FACTS 9: 649 of 664 streams',
  },
} as const satisfies Record<string, Rule>

export const echoRules: readonly Rule[] = Object.values(RULES)

/** The fields that never change (GRAMMAR R30). */
const CONSTANT = [
  'background',
  'created_at',
  'instructions',
  'max_output_tokens',
  'metadata',
  'model',
  'parallel_tool_calls',
  'previous_response_id',
  'prompt_cache_key',
  'reasoning',
  'safety_identifier',
  'store',
  'temperature',
  'text',
  'tool_choice',
  'tools',
  'top_p',
  'truncation',
]

/** Compares the response in the terminal event with the response as it was first shown. */
export function checkConstantFields(state: StreamState, first: JsonObject, last: JsonObject): void {
  for (const key of CONSTANT) {
    if (isEqual(first[key], last[key])) continue
    reportBreach(
      state,
      RULES.constant,
      `found ${key} ${toShortJson(last[key])}, it began as ${toShortJson(first[key])}`,
    )
  }
  const { service_tier: tier } = first
  if (tier === 'auto' || tier === undefined || tier === last['service_tier']) return
  reportBreach(
    state,
    RULES.serviceTier,
    `found service_tier ${toShortJson(last['service_tier'])}, it began as ${toShortJson(tier)}`,
  )
}
