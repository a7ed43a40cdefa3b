import { isObject, type JsonObject, objectsIn } from '../../json.ts'
import { refuseShape } from '../refusals/issues.ts'
import { type RefusalRule, type Refused, refused } from '../refusals/refusal.ts'
import { chatBody } from './shapes.ts'

const type = 'invalid_request_error'
const REPORTED =
  'https://github.com/sdcb/chats/pull/132 (both texts as the API gave them, with type, param and code)'

export const callUnanswered: RefusalRule = {
  rule: 'chat-tool-calls-answered',
  status: 400,
  type,
  code: null,
  param: 'messages.[{at}].role',
  message:
    "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: {calls}",
  source: REPORTED,
}

export const toolWithoutCall: RefusalRule = {
  rule: 'chat-tool-message-answers-a-call',
  status: 400,
  type,
  code: null,
  param: 'messages.[{at}].role',
  message:
    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
  source: REPORTED,
}

export const streamOptionsWithoutStream: RefusalRule = {
  rule: 'chat-stream-options-with-stream',
  status: 400,
  type,
  code: null,
  param: 'stream_options',
  message: "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
  source:
    'https://github.com/BerriAI/litellm/issues/5803, https://github.com/epam/ai-dial-adapter-openai/pull/379',
}

/** What is wrong with a chat request by itself, before it is asked as a response. */
export function refuseChat(body: JsonObject): Refused | undefined {
  return refuseShape(body, chatBody) ?? refuseOptions(body) ?? refuseOrder(objectsIn(body['messages']))
}

function refuseOptions(body: JsonObject): Refused | undefined {
  return isObject(body['stream_options']) && body['stream'] !== true
    ? refused(streamOptionsWithoutStream)
    : undefined
}

/** Each call is answered by the tool messages directly behind it, and each tool message answers such a call. */
function refuseOrder(messages: readonly JsonObject[]): Refused | undefined {
  const open = new Set<string>()
  const unanswered = (at: number) =>
    open.size === 0 ? undefined : refused(callUnanswered, { at, calls: [...open].join(', ') })
  for (const [at, message] of messages.entries()) {
    if (message['role'] === 'tool') {
      if (!open.delete(String(message['tool_call_id']))) return refused(toolWithoutCall, { at })
      continue
    }
    const refusal = unanswered(at)
    if (refusal !== undefined) return refusal
    for (const { id } of objectsIn(message['tool_calls'])) open.add(String(id))
  }
  return unanswered(messages.length)
}

/** The names of a Responses body's fields in a chat body. */
const PARAMS: Readonly<Record<string, string>> = {
  input: 'messages',
  instructions: 'messages',
  max_output_tokens: 'max_completion_tokens',
  'text.format.schema': 'response_format.json_schema.schema',
  'reasoning.effort': 'reasoning_effort',
}

/** A refusal of the translated body, in the names of the chat body. */
export function chatRefusal(refusal: Refused): Refused {
  const { param } = refusal
  if (param === null) return refusal
  const tool = /^tools\[(\d+)\]\.(.+)$/.exec(param)
  if (tool) return { ...refusal, param: `tools[${tool[1]}].function.${tool[2]}` }
  return { ...refusal, param: PARAMS[param] ?? param.replace(/^input\b.*/, 'messages') }
}
