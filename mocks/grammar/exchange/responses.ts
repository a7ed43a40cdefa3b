import { isObject, type JsonObject, listObjects, toShortJson } from '../../json.ts'
import { ID_PREFIXES } from '../../request-rules/item-form.ts'
import { HOSTED_CALLS } from '../stream/patterns.ts'

import type { Exchange, ExchangeRule } from './exchange.ts'

const REASONS = ['max_output_tokens', 'content_filter', 'max_messages', 'steered']
const STATUSES = ['queued', 'in_progress', 'completed', 'incomplete', 'failed', 'cancelled']
const DECIDED = ['completed', 'incomplete']

/** The rules about a response object alone. */
export const responseRules: readonly ExchangeRule[] = [
  defineResponseRule(
    'response-status',
    'A response has one of the six statuses',
    'API reference, object response',
    (response) =>
      STATUSES.includes(String(response['status']))
        ? []
        : [`found status ${toShortJson(response['status'])}`],
  ),
  defineResponseRule(
    'response-usage',
    'A completed or incomplete response has usage that adds up. In every other response usage is null',
    'GRAMMAR J63, R28a; SERVICE-FACTS 11: 16 of 16 null',
    ({ usage, status }) => {
      if (!DECIDED.includes(String(status))) {
        return usage == null
          ? []
          : [`found usage ${toShortJson(usage)} in a ${toShortJson(status)} response, expected null`]
      }
      if (!isObject(usage)) return [`found usage ${toShortJson(usage)}, expected an object`]
      const sum = Number(usage['input_tokens']) + Number(usage['output_tokens'])
      return sum === usage['total_tokens']
        ? []
        : [`found total_tokens ${toShortJson(usage['total_tokens'])}, expected ${sum}`]
    },
  ),
  defineResponseRule(
    'response-no-error',
    'error and incomplete_details are null in a completed response',
    'GRAMMAR J64',
    ({ status, error, incomplete_details: details }) =>
      status !== 'completed' || (error == null && details == null)
        ? []
        : [`found error ${toShortJson(error)} and incomplete_details ${toShortJson(details)}, expected null`],
  ),
  defineResponseRule(
    'response-incomplete-reason',
    'An incomplete response gives max_output_tokens, content_filter, max_messages or steered as its reason',
    'GRAMMAR J69; SDK type Response.IncompleteDetails for the last two',
    ({ status, incomplete_details: details }) => {
      const reason = isObject(details) ? details['reason'] : undefined
      return status !== 'incomplete' || REASONS.includes(String(reason))
        ? []
        : [`found reason ${toShortJson(reason)}, expected ${REASONS.join(' or ')}`]
    },
  ),
  defineResponseRule(
    'response-completed-at',
    'completed_at is an integer if and only if the response is completed. It may be absent',
    'GRAMMAR G52; SERVICE-FACTS 8',
    ({ status, completed_at: at }) =>
      at === undefined || Number.isInteger(at) === (status === 'completed')
        ? []
        : [`found completed_at ${toShortJson(at)} in a ${toShortJson(status)} response`],
  ),
  defineItemRule(
    'output-items-completed',
    'Every message, function_call and custom_tool_call of a completed response is completed. Calls that a program made are not checked',
    'GRAMMAR J65',
    (item, { response }) =>
      response?.['status'] !== 'completed' || item['status'] === 'completed' || !mustBeCompleted(item)
        ? []
        : [`found ${item['type']} with status ${toShortJson(item['status'])}, expected completed`],
  ),
  {
    id: 'output-ids-unique',
    statement: 'The ids of the output items are all different',
    source: 'GRAMMAR J66',
    check({ output }) {
      const ids = output.map(({ id }) => id).filter((id) => id !== undefined)
      return new Set(ids).size === ids.length ? [] : [`found ids ${toShortJson(ids)}, expected no id twice`]
    },
  },
  defineItemRule(
    'output-id-prefixes',
    'The id of an output item begins with the prefix of its type',
    'GRAMMAR J67',
    ({ type, id }) => {
      const prefix = ID_PREFIXES.get(String(type))
      return prefix === undefined || (typeof id === 'string' && id.startsWith(`${prefix}_`))
        ? []
        : [`found ${type} with id ${toShortJson(id)}, expected one that begins with ${prefix}_`]
    },
  ),
  defineItemRule(
    'call-ids-prefixed',
    'call_id begins with call_',
    'GRAMMAR J68',
    ({ type, call_id: callId }) =>
      type !== 'function_call' || (typeof callId === 'string' && callId.startsWith('call_'))
        ? []
        : [`found call_id ${toShortJson(callId)}, expected one that begins with call_`],
  ),
]

function mustBeCompleted({ type, caller }: JsonObject): boolean {
  if (HOSTED_CALLS.has(String(type)) || isObject(caller)) return false
  return type === 'message' || type === 'function_call' || type === 'custom_tool_call'
}

function defineResponseRule(
  id: string,
  statement: string,
  source: string,
  check: (response: JsonObject) => readonly string[],
): ExchangeRule {
  return { id, statement, source, check: ({ response }) => (response ? check(response) : []) }
}

function defineItemRule(
  id: string,
  statement: string,
  source: string,
  check: (item: JsonObject, exchange: Exchange) => readonly string[],
): ExchangeRule {
  return {
    id,
    statement,
    source,
    check: (exchange) => (exchange.response ? exchange.output.flatMap((item) => check(item, exchange)) : []),
  }
}

/** Returns the texts of the messages in an output. Refusals are left out. */
export function listMessageTexts(output: readonly JsonObject[]): string[] {
  return output
    .filter(({ type }) => type === 'message')
    .flatMap(({ content }) => listObjects(content))
    .flatMap(({ type, text }) => (type === 'output_text' && typeof text === 'string' ? [text] : []))
}
