import type { Json } from '../../mocks/json.ts'
import type { Recording } from '../../mocks/recordings/types.ts'
import { conversationOf } from '../../mocks/request.ts'
import { itemText, roleOf } from '../history/context.ts'
import { endingOf, requestBody, requestInput } from './exchange.ts'

/** What later requests may name of a thread. */
interface Thread {
  exchanges: Recording[]
  /** Response and call ids, conversation ids. */
  known: Set<Json>
  /** The texts that the model gave. */
  answers: Set<string>
}

/**
 * A file's exchanges as conversations, in order. An exchange continues the newest one that it names, by a previous
 * response, a conversation object or a call, or whose answer it carries; else it begins another.
 */
export function threadsOf(exchanges: readonly Recording[]): Recording[][] {
  const threads: Thread[] = []
  for (const exchange of exchanges) {
    let thread = threads.findLast((candidate) => continues(exchange, candidate))
    if (thread === undefined) {
      thread = { exchanges: [], known: new Set(), answers: new Set() }
      threads.push(thread)
    }
    thread.exchanges.push(exchange)
    learn(thread, exchange)
  }
  return threads.map(({ exchanges }) => exchanges)
}

function continues(exchange: Recording, thread: Thread): boolean {
  const body = requestBody(exchange)
  const named = [body['previous_response_id'], conversationOf(body)]
  if (named.some((id) => typeof id === 'string' && thread.known.has(id))) return true
  return requestInput(exchange).some(
    (item) =>
      (item['call_id'] !== undefined && thread.known.has(item['call_id'])) ||
      (roleOf(item) === 'assistant' && thread.answers.has(itemText(item))),
  )
}

function learn(thread: Thread, exchange: Recording): void {
  const { response } = endingOf(exchange)
  const conversation = conversationOf(requestBody(exchange))
  if (conversation !== undefined) thread.known.add(conversation)
  if (response === null) return
  thread.known.add(response.id)
  for (const item of response.output) {
    if (item['call_id'] !== undefined) thread.known.add(item['call_id'])
    const text = itemText(item)
    if (roleOf(item) === 'assistant' && text !== '') thread.answers.add(text)
  }
}
