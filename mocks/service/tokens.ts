import { isObject, type Json, type JsonObject } from '../json.ts'

/**
 * Returns the number of tokens of a text, about four characters each. Counting is deterministic: three tokens per
 * request and three per item are added. Everything counts in later contexts as it did when it was made, so that usage
 * adds up along a chain: prior input + prior output + new input + overhead (SERVICE-FACTS 11).
 */
function countTextTokens(text: string): number {
  return Math.ceil(text.length / 4)
}

const PER_REQUEST = 3
const PER_ITEM = 3

/** Returns the length of all texts in a JSON value. For schemas, the names of keys count, too. */
function countTextCharacters(value: Json | undefined, withKeys: boolean): number {
  if (typeof value === 'string') return value.length
  if (value === undefined || value === null || typeof value !== 'object') return 1
  if (Array.isArray(value))
    return value.reduce((sum: number, held) => sum + countTextCharacters(held, withKeys), 0)
  let sum = 0
  for (const key in value) sum += (withKeys ? key.length : 0) + countTextCharacters(value[key], withKeys)
  return sum
}

function countContentTokens(content: Json | undefined): number {
  if (typeof content === 'string') return countTextTokens(content)
  if (!Array.isArray(content)) return 0
  let sum = 0
  for (const part of content) {
    if (!isObject(part)) continue
    const text = part['text'] ?? part['refusal']
    sum += typeof text === 'string' ? countTextTokens(text) : 85
  }
  return sum
}

/** Returns the tokens that an item takes, as output and in later contexts. */
export function countItemTokens(item: JsonObject): number {
  switch (item['type'] ?? 'message') {
    case 'message':
      return countContentTokens(item['content'])
    case 'reasoning':
      return countReasoningItemTokens(item)
    case 'function_call':
      return countTextTokens(String(item['name'])) + countTextTokens(String(item['arguments']))
    case 'function_call_output':
      return typeof item['output'] === 'string'
        ? countTextTokens(item['output'])
        : countContentTokens(item['output'])
    case 'compaction':
      return 16
    default:
      return Math.ceil(countTextCharacters(item, false) / 4)
  }
}

/**
 * Returns the tokens of a reasoning item: twice its summary, or 64 without a summary, because a summary is shorter than
 * the reasoning.
 */
export function countReasoningItemTokens(item: JsonObject): number {
  const summary = countContentTokens(item['summary'])
  return summary === 0 ? 64 : summary * 2
}

/**
 * Returns the input tokens of a request with this context and with the instructions, tools and output format of the
 * body.
 */
export function countContextTokens(context: readonly JsonObject[], body: JsonObject): number {
  let sum = PER_REQUEST
  for (const item of context) sum += PER_ITEM + countItemTokens(item)
  const { instructions, tools, text } = body
  if (typeof instructions === 'string') sum += PER_ITEM + countTextTokens(instructions)
  if (Array.isArray(tools))
    for (const tool of tools) sum += 8 + Math.ceil(countTextCharacters(tool, true) / 4)
  if (isObject(text) && isObject(text['format']) && text['format']['schema'] !== undefined)
    sum += 8 + Math.ceil(countTextCharacters(text['format']['schema'], true) / 4)
  return sum
}
