import { refuseChat } from '../../request-rules/chat.ts'
import { createResponse } from '../create.ts'
import type { Endpoint } from '../endpoints/call.ts'
import { createBodyOf } from './body.ts'
import { chatDialect } from './dialect.ts'

/**
 * `POST /chat/completions`: the same answer, in chat completions' words. The request is asked as a response, so that script,
 * attempts, faults, gates and watch are those of `POST /responses`, and what is told of it is the translated body.
 */
export const completeChat: Endpoint = ({ body: chat = {}, exchange, machine }) => {
  const body = createBodyOf(chat)
  const refusal = refuseChat(chat)
  if (refusal === undefined) return createResponse(body, exchange, machine, chatDialect(chat))
  exchange.seen({ body })
  return exchange.refuse(refusal)
}
