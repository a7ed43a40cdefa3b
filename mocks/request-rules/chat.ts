import { isObject, type JsonObject, listObjects } from '../json.ts'
import { refuseForm } from './body-form.ts'
import { chatBodySchema } from './chat-schema.ts'
import { defineRule, findRefusal, type Refusal, type RequestRule } from './rule.ts'

const REPORTED =
  'https://github.com/sdcb/chats/pull/132 (both texts as the API gave them, with type, param and code)'

const streamOptionsWithStream = defineRule<JsonObject>({
  id: 'chat-stream-options-with-stream',
  statement: 'A chat request has stream_options only if it asks for a stream',
  source:
    'https://github.com/BerriAI/litellm/issues/5803, https://github.com/epam/ai-dial-adapter-openai/pull/379',
  param: 'stream_options',
  message: "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
  findBreach: (body) => (isObject(body['stream_options']) && body['stream'] !== true ? {} : undefined),
})

const toolCallsAnswered = defineRule<JsonObject>({
  id: 'chat-tool-calls-answered',
  statement: 'The tool messages directly after an assistant message answer each of its tool calls',
  source: REPORTED,
  param: 'messages.[{at}].role',
  message:
    "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: {calls}",
  findBreach(body) {
    const breach = findToolMessageBreach(body)
    return breach?.kind === 'unanswered' ? { at: breach.at, calls: breach.calls.join(', ') } : undefined
  },
})

const toolMessageAnswersACall = defineRule<JsonObject>({
  id: 'chat-tool-message-answers-a-call',
  statement: 'A tool message answers a tool call of the assistant message before it',
  source: REPORTED,
  param: 'messages.[{at}].role',
  message:
    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
  findBreach(body) {
    const breach = findToolMessageBreach(body)
    return breach?.kind === 'no-call' ? { at: breach.at } : undefined
  },
})

type ToolMessageBreach = { kind: 'no-call'; at: number } | { kind: 'unanswered'; at: number; calls: string[] }

/** Returns the first message at which calls and tool messages do not fit together, or undefined. */
function findToolMessageBreach(body: JsonObject): ToolMessageBreach | undefined {
  const messages = listObjects(body['messages'])
  const open = new Set<string>()
  const unanswered = (at: number): ToolMessageBreach | undefined =>
    open.size === 0 ? undefined : { kind: 'unanswered', at, calls: [...open] }
  for (const [at, message] of messages.entries()) {
    if (message['role'] === 'tool') {
      if (!open.delete(String(message['tool_call_id']))) return { kind: 'no-call', at }
      continue
    }
    const breach = unanswered(at)
    if (breach !== undefined) return breach
    for (const { id } of listObjects(message['tool_calls'])) open.add(String(id))
  }
  return unanswered(messages.length)
}

/** The rules about the body of `POST /chat/completions`, in the order in which they are asked. */
export const chatRules: readonly RequestRule<JsonObject>[] = [
  streamOptionsWithStream,
  toolCallsAnswered,
  toolMessageAnswersACall,
]

/** Returns the refusal of a chat request for its body alone, or undefined. */
export function refuseChat(body: JsonObject): Refusal | undefined {
  return refuseForm(body, chatBodySchema) ?? findRefusal(chatRules, body)
}
