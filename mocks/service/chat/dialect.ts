import { isObject, type JsonObject } from '../../json.ts'
import type { Refusal } from '../../request-rules/rule.ts'
import type { WireResponse } from '../compose/response.ts'
import type { Dialect } from '../dialect.ts'
import { findErrorType } from '../faults/errors.ts'
import { createChunkWriter } from './chunks.ts'
import { buildChatError, buildCompletion } from './completion.ts'

/**
 * Writes answers as chat completions. A failed response is an error: in a stream an error frame, at which clients throw
 * (https://github.com/vercel/ai/pull/1835), as JSON an HTTP error, because a completion has no status. Streams have no
 * event names. A stream that ends well closes with `[DONE]`.
 */
export function createChatDialect(chat: JsonObject): Dialect {
  const options = chat['stream_options']
  const includeUsage = isObject(options) && options['include_usage'] === true
  return {
    renameId: (made) => made.replace(/^resp_/, 'chatcmpl-'),
    createFrameWriter() {
      const write = createChunkWriter(includeUsage)
      return (event) => write(event).map((chunk) => ({ data: JSON.stringify(chunk) }))
    },
    buildClosingData: (_, last) =>
      last?.type === 'response.completed' || last?.type === 'response.incomplete' ? '[DONE]' : undefined,
    writeJson: (response) =>
      response.status === 'failed'
        ? writeFailedResponse(response)
        : { status: 200, value: buildCompletion(response) },
    translateRefusal: translateRefusal,
  }
}

/**
 * Returns the HTTP error for a failed response. Clients retry a 500. `retry-after-ms` keeps their back-off short over
 * real sockets.
 */
function writeFailedResponse(response: WireResponse): ReturnType<Dialect['writeJson']> {
  const code = response.error?.code ?? 'server_error'
  const status = STATUS[findErrorType(code)] ?? 500
  const value = buildChatError(response)
  return { status, value, headers: status === 400 ? {} : { 'retry-after-ms': '1' } }
}

const STATUS: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  tokens: 429,
  insufficient_quota: 429,
}

/** The names of the fields of a Responses body in a chat body. */
const PARAMS: Readonly<Record<string, string>> = {
  input: 'messages',
  instructions: 'messages',
  max_output_tokens: 'max_completion_tokens',
  'text.format.schema': 'response_format.json_schema.schema',
  'reasoning.effort': 'reasoning_effort',
}

/** Returns the refusal of the translated body with its param in the terms of the chat body. */
function translateRefusal(refusal: Refusal): Refusal {
  const { param } = refusal
  if (param === null) return refusal
  const tool = /^tools\[(\d+)\]\.(.+)$/.exec(param)
  if (tool) return { ...refusal, param: `tools[${tool[1]}].function.${tool[2]}` }
  return { ...refusal, param: PARAMS[param] ?? param.replace(/^input\b.*/, 'messages') }
}
