import { isJson, isObject, type JsonObject, listObjects, toShortJson } from '../../json.ts'

import { type Exchange, type ExchangeRule, isCreateExchange } from './exchange.ts'
import { listMessageTexts } from './responses.ts'

/** The rules about the output that the parameters of a request ask for. */
export const switchRules: readonly ExchangeRule[] = [
  defineCreateRule(
    'calls-name-tools',
    'A function_call names a tool of the request, of a tool search or of a namespace',
    'GRAMMAR J70: 569 of 575, the rest with tool search or deferred tools',
    (body, { output }) => {
      const names = listToolNames(body)
      return output
        .filter(({ type, name }) => type === 'function_call' && names && !names.has(String(name)))
        .map(
          ({ name }) =>
            `found a call of ${toShortJson(name)}, expected one of ${toShortJson([...(names ?? [])])}`,
        )
    },
  ),
  defineCreateRule(
    'structured-output-is-json',
    'If text.format asks for JSON, the text of a completed response is JSON',
    'GRAMMAR J71',
    (body, { response, output }) => {
      const format = readFormatType(body)
      if (response?.['status'] !== 'completed' || (format !== 'json_schema' && format !== 'json_object'))
        return []
      return listMessageTexts(output)
        .filter((text) => text !== '' && !isJson(text))
        .map((text) => `found text ${toShortJson(text)}, expected JSON`)
    },
  ),
  defineCreateRule(
    'one-call-without-parallel',
    'With parallel_tool_calls false there is at most one function_call',
    'GRAMMAR J72',
    (body, { output }) => {
      const calls = output.filter(({ type }) => type === 'function_call').length
      return body['parallel_tool_calls'] === false && calls > 1
        ? [`found ${calls} calls, expected at most one`]
        : []
    },
  ),
  defineCreateRule(
    'call-when-required',
    'With tool_choice required a completed response has a call',
    'GRAMMAR J73',
    (body, { response, output }) =>
      body['tool_choice'] === 'required' &&
      response?.['status'] === 'completed' &&
      !output.some(({ type }) => String(type).endsWith('_call'))
        ? ['found no call, expected at least one']
        : [],
  ),
  defineCreateRule(
    'no-call-when-none',
    'With tool_choice none there is no function_call',
    'GRAMMAR J74',
    (body, { output }) =>
      body['tool_choice'] === 'none' && output.some(({ type }) => type === 'function_call')
        ? ['found a function_call, expected none']
        : [],
  ),
]

/** Returns the names of the tools that the model may call, or undefined if tools may come from elsewhere. */
function listToolNames(body: JsonObject): Set<string> | undefined {
  const tools = listObjects(body['tools'])
  // A prompt template may bring its own tools.
  if (isObject(body['prompt']) || tools.some(({ type }) => type === 'tool_search')) return undefined
  // Namespaces hold tools, too, and so do input items of earlier tool searches.
  const nested = [...tools, ...listObjects(body['input'])].flatMap((holder) => listObjects(holder['tools']))
  return new Set([...tools, ...nested].map(({ name }) => String(name)))
}

export function readFormatType({ text }: JsonObject): unknown {
  const format = isObject(text) ? text['format'] : undefined
  return isObject(format) ? format['type'] : undefined
}

function defineCreateRule(
  id: string,
  statement: string,
  source: string,
  check: (body: JsonObject, exchange: Exchange) => readonly string[],
): ExchangeRule {
  return {
    id,
    statement,
    source,
    check: (exchange) =>
      exchange.body && exchange.response && isCreateExchange(exchange) ? check(exchange.body, exchange) : [],
  }
}
