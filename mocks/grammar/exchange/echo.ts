import { toDifferingJson } from '../../differing-texts.ts'
import { isObject, type Json, type JsonObject, listObjects } from '../../json.ts'
import { isEqual } from '../stream/equal.ts'

import { type ExchangeRule, isCreateExchange } from './exchange.ts'
import { readFormatType } from './switches.ts'

/** Fields that a response shows exactly as the request sent them (GRAMMAR, Request → response echo). */
const EXACT = [
  'store',
  'max_output_tokens',
  'temperature',
  'prompt_cache_key',
  'previous_response_id',
  'parallel_tool_calls',
  'user',
  'top_p',
  'metadata',
  'truncation',
  'background',
  'top_logprobs',
]

/** The sources of fields that have no row of their own name in that table. */
const SOURCES: Readonly<Record<string, string>> = {
  text: 'GRAMMAR, Request → response echo: text.format.type',
  conversation: 'SERVICE-FACTS 4',
}

const exact = EXACT.map((field) =>
  defineEchoRule(field, `A response repeats ${field} as it was sent`, (sent, response) => {
    const shownValue = response[field]
    return isEqual(sent, shownValue) || isRedacted(sent) || isRedacted(shownValue)
  }),
)

/**
 * The rules about the fields of a request that its response repeats. Only fields that the request sent are compared.
 */
export const exchangeEchoRules: readonly ExchangeRule[] = [
  ...exact,
  defineEchoRule(
    'instructions',
    'A response repeats instructions as they were sent. Empty ones may become null',
    (sent, { instructions }) =>
      sent === '' ? instructions === null || instructions === '' : isEqual(sent, instructions),
  ),
  defineEchoRule(
    'model',
    'The model of a response is the requested one, or a dated version of it',
    (sent, { model }) => typeof model === 'string' && typeof sent === 'string' && model.startsWith(sent),
  ),
  defineEchoRule(
    'tool_choice',
    'A response repeats tool_choice as it was sent',
    (sent, response) => typeof sent !== 'string' || sent === response['tool_choice'],
  ),
  defineEchoRule('text', 'A response repeats text.format.type as it was sent', (sent, response) => {
    const asked = readFormatType({ text: sent })
    return asked === undefined || asked === readFormatType(response)
  }),
  defineEchoRule('conversation', 'A response shows its conversation as {id}', (sent, { conversation }) => {
    const id = isObject(sent) ? sent['id'] : sent
    return isObject(conversation) && conversation['id'] === id
  }),
  defineEchoRule(
    'tools',
    'A response lists the function tools in the order of the request. Requests with a tool search are not checked',
    (sent, response) =>
      listObjects(sent).some(({ type }) => type === 'tool_search') ||
      isEqual(listFunctionNames(sent), listFunctionNames(response['tools'])),
  ),
]

function listFunctionNames(tools: Json | undefined): string[] {
  return listObjects(tools)
    .filter(({ type }) => type === 'function')
    .map(({ name }) => String(name))
}

/** Returns whether somebody removed the value before the recording was published. */
function isRedacted(value: Json | undefined): boolean {
  return typeof value === 'string' && value.includes('REDACTED')
}

function defineEchoRule(
  field: string,
  statement: string,
  same: (sent: Json, response: JsonObject) => boolean,
): ExchangeRule {
  return {
    id: `echo-${field.replaceAll('_', '-')}`,
    statement,
    source: SOURCES[field] ?? `GRAMMAR, Request → response echo: ${field}`,
    check(exchange) {
      const { body, response } = exchange
      const sent = body?.[field]
      if (!isCreateExchange(exchange) || sent == null || !response || same(sent, response)) return []
      const [found, asked] = toDifferingJson(response[field], sent)
      return [`found ${field} ${found}, the request sent ${asked}`]
    },
  }
}
