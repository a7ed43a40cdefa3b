import { refuseChat } from '../../request-rules/chat.ts'
import { createResponse } from '../create.ts'
import type { Endpoint } from '../endpoints/call.ts'
import { translateBody } from './body.ts'
import { createChatDialect } from './dialect.ts'

/**
 * `POST /chat/completions`: answers as `POST /responses` does, in the form of chat completions. The request is
 * translated, so that script, attempts, faults, gates and watch work as for `POST /responses`. The watch sees the
 * translated body.
 */
export const completeChat: Endpoint = ({ body: chat = {}, exchange, machine }) => {
  const body = translateBody(chat)
  const refusal = refuseChat(chat)
  if (refusal === undefined) return createResponse(body, exchange, machine, createChatDialect(chat))
  exchange.reportSeen({ body })
  return exchange.refuse(refusal)
}
