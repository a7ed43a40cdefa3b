import type { Json } from '../../../mocks/json.ts'
import type { Recording } from '../../../mocks/recordings/types.ts'
import { readConversationId } from '../../../mocks/request.ts'
import { readItemText, readRole } from '../../history/items.ts'
import { readEnding, readRequestBody, readRequestInput } from './exchange.ts'

/** A conversation so far, with the ids and texts by which later requests continue it. */
interface Conversation {
  exchanges: Recording[]
  /** Ids of responses, calls and conversation objects. */
  known: Set<Json>
  /** The texts of the model. */
  answers: Set<string>
}

/**
 * Groups the exchanges of a file into conversations, in order. An exchange continues the newest conversation that it refers
 * to: by a previous response, a conversation object, a call, or a text of the model. Without a reference it begins a new one.
 */
export function groupIntoConversations(exchanges: readonly Recording[]): Recording[][] {
  const conversations: Conversation[] = []
  for (const exchange of exchanges) {
    let conversation = conversations.findLast((candidate) => isContinuation(exchange, candidate))
    if (conversation === undefined) {
      conversation = { exchanges: [], known: new Set(), answers: new Set() }
      conversations.push(conversation)
    }
    conversation.exchanges.push(exchange)
    rememberExchange(conversation, exchange)
  }
  return conversations.map(({ exchanges }) => exchanges)
}

function isContinuation(exchange: Recording, conversation: Conversation): boolean {
  const body = readRequestBody(exchange)
  const named = [body['previous_response_id'], readConversationId(body)]
  if (named.some((id) => typeof id === 'string' && conversation.known.has(id))) return true
  return readRequestInput(exchange).some(
    (item) =>
      (item['call_id'] !== undefined && conversation.known.has(item['call_id'])) ||
      (readRole(item) === 'assistant' && conversation.answers.has(readItemText(item))),
  )
}

function rememberExchange(conversation: Conversation, exchange: Recording): void {
  const { response } = readEnding(exchange)
  const object = readConversationId(readRequestBody(exchange))
  if (object !== undefined) conversation.known.add(object)
  if (response === null) return
  conversation.known.add(response.id)
  for (const item of response.output) {
    if (item['call_id'] !== undefined) conversation.known.add(item['call_id'])
    const text = readItemText(item)
    if (readRole(item) === 'assistant' && text !== '') conversation.answers.add(text)
  }
}
