import type { ResponseUsage } from 'openai/resources/responses/responses'
import type { JsonObject } from '../../json.ts'
import { countItemTokens, countReasoningItemTokens } from '../tokens.ts'
import type { OutputItem } from './items.ts'

/** The tokens of the context, and how many of them were cached. */
export interface InputTokens {
  tokens: number
  cached: number
}

/** Returns the usage of a response with this output (SERVICE-FACTS 11: total = input + output). */
export function countUsage(output: readonly OutputItem[], input: InputTokens): ResponseUsage {
  let spent = 0
  let thought = 0
  for (const item of output) {
    const plain = item as unknown as JsonObject
    spent += countItemTokens(plain)
    if (item.type === 'reasoning') thought += countReasoningItemTokens(plain)
  }
  return buildUsage(input, spent, thought)
}

/** Returns usage in the form of the service. `reasoning` is a part of `output`. */
export function buildUsage(
  { tokens, cached }: InputTokens,
  output: number,
  reasoning: number,
): ResponseUsage {
  return {
    input_tokens: tokens,
    input_tokens_details: { cache_write_tokens: 0, cached_tokens: cached },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: tokens + output,
  }
}
