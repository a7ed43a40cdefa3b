import type { JsonObject } from '../../../mocks/json.ts'
import type { Recording } from '../../../mocks/recordings/types.ts'
import { readItemText, readRole } from '../../history/items.ts'
import { readRequestBody, readRequestInput } from './exchange.ts'
import { InexpressibleError } from './inexpressible.ts'

/** One user message and the exchanges that answer it. */
export interface RecordedTurn {
  say: string
  stream: boolean
  exchanges: Recording[]
}

/**
 * Splits a conversation into turns. A request with a new user message begins a turn. A request with new tool results
 * continues it.
 */
export function splitIntoTurns(conversation: readonly Recording[]): RecordedTurn[] {
  const turns: RecordedTurn[] = []
  conversation.forEach((exchange, index) => {
    const fresh = readNewItems(exchange, index === 0)
    const users = fresh.filter((item) => readRole(item) === 'user')
    const results = fresh.filter((item) => item['type'] === 'function_call_output')
    if (users.length > 1) throw new InexpressibleError('a recorded turn has several user messages')
    if (users.length > 0 && results.length > 0)
      throw new InexpressibleError('a recorded request has both a user message and a tool result')
    const [user] = users
    const turn = turns.at(-1)
    if (user) {
      const stream = readRequestBody(exchange)['stream'] === true
      turns.push({ say: readItemText(user), stream, exchanges: [exchange] })
    } else if (results.length > 0 && turn) {
      if ((readRequestBody(exchange)['stream'] === true) !== turn.stream)
        throw new InexpressibleError('only some requests of a recorded turn are streamed')
      turn.exchanges.push(exchange)
    } else throw new InexpressibleError('a recorded request has neither a user message nor a result')
  })
  return turns
}

/** Returns the new items of a request: the items after the last item of the model. */
function readNewItems(exchange: Recording, first: boolean): JsonObject[] {
  const input = readRequestInput(exchange)
  const given = input.findLastIndex(
    (item) =>
      readRole(item) === 'assistant' ||
      ['reasoning', 'function_call', 'item_reference'].includes(String(item['type'])),
  )
  if (first && given >= 0)
    throw new InexpressibleError('the first recorded request already contains answers of the model')
  return input.slice(given + 1)
}
