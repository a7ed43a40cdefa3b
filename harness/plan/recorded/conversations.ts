import type { Json } from '../../../mocks/json.ts'
import type { Recording } from '../../../mocks/recordings/types.ts'
import { readConversationId } from '../../../mocks/request.ts'
import { readItemText, readRole } from '../../history/items.ts'
import { endingOf, requestBody, requestInput } from './exchange.ts'

/** A conversation so far, and what later requests may name of it. */
interface Conversation {
  exchanges: Recording[]
  /** Ids of responses, calls and conversation objects. */
  known: Set<Json>
  /** The texts that the model gave. */
  answers: Set<string>
}

/**
 * A file's exchanges as conversations, in order. An exchange continues the newest one that it names, by a previous
 * response, a conversation object or a call, or whose answer it carries; else it begins another.
 */
export function conversationsIn(exchanges: readonly Recording[]): Recording[][] {
  const conversations: Conversation[] = []
  for (const exchange of exchanges) {
    let conversation = conversations.findLast((candidate) => continues(exchange, candidate))
    if (conversation === undefined) {
      conversation = { exchanges: [], known: new Set(), answers: new Set() }
      conversations.push(conversation)
    }
    conversation.exchanges.push(exchange)
    learn(conversation, exchange)
  }
  return conversations.map(({ exchanges }) => exchanges)
}

function continues(exchange: Recording, conversation: Conversation): boolean {
  const body = requestBody(exchange)
  const named = [body['previous_response_id'], readConversationId(body)]
  if (named.some((id) => typeof id === 'string' && conversation.known.has(id))) return true
  return requestInput(exchange).some(
    (item) =>
      (item['call_id'] !== undefined && conversation.known.has(item['call_id'])) ||
      (readRole(item) === 'assistant' && conversation.answers.has(readItemText(item))),
  )
}

function learn(conversation: Conversation, exchange: Recording): void {
  const { response } = endingOf(exchange)
  const object = readConversationId(requestBody(exchange))
  if (object !== undefined) conversation.known.add(object)
  if (response === null) return
  conversation.known.add(response.id)
  for (const item of response.output) {
    if (item['call_id'] !== undefined) conversation.known.add(item['call_id'])
    const text = readItemText(item)
    if (readRole(item) === 'assistant' && text !== '') conversation.answers.add(text)
  }
}
