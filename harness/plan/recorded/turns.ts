import type { JsonObject } from '../../../mocks/json.ts'
import type { Recording } from '../../../mocks/recordings/types.ts'
import { readItemText, readRole } from '../../history/items.ts'
import { requestBody, requestInput } from './exchange.ts'
import { Inexpressible } from './inexpressible.ts'

/** One user message, and the exchanges with which the model answered it. */
export interface RecordedTurn {
  say: string
  stream: boolean
  exchanges: Recording[]
}

/** Cuts a conversation into turns: a request that ends in a user message begins one, a request that ends in tool results goes on. */
export function turnsOf(conversation: readonly Recording[]): RecordedTurn[] {
  const turns: RecordedTurn[] = []
  conversation.forEach((exchange, index) => {
    const fresh = freshItems(exchange, index === 0)
    const users = fresh.filter((item) => readRole(item) === 'user')
    const results = fresh.filter((item) => item['type'] === 'function_call_output')
    if (users.length > 1) throw new Inexpressible('a recorded turn has several user messages')
    if (users.length > 0 && results.length > 0)
      throw new Inexpressible("a user message travels with a tool's result in one request")
    const [user] = users
    const turn = turns.at(-1)
    if (user) {
      const stream = requestBody(exchange)['stream'] === true
      turns.push({ say: readItemText(user), stream, exchanges: [exchange] })
    } else if (results.length > 0 && turn) {
      if ((requestBody(exchange)['stream'] === true) !== turn.stream)
        throw new Inexpressible('a recorded turn is streamed only in part')
      turn.exchanges.push(exchange)
    } else throw new Inexpressible('a recorded request has neither a user message nor a result')
  })
  return turns
}

/** The items of a request that its conversation had not seen: those behind the last item that the model gave. */
function freshItems(exchange: Recording, first: boolean): JsonObject[] {
  const input = requestInput(exchange)
  const given = input.findLastIndex(
    (item) =>
      readRole(item) === 'assistant' ||
      ['reasoning', 'function_call', 'item_reference'].includes(String(item['type'])),
  )
  if (first && given >= 0)
    throw new Inexpressible('the first recorded request already contains answers of the model')
  return input.slice(given + 1)
}
