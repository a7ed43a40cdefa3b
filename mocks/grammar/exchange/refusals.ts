import type { JsonObject } from '../../json.ts'
import { readHistoryRequest } from '../../request-rules/previous-response.ts'
import {
  type JudgedRule,
  judgedHistoryRules,
  judgedInputRules,
  judgedPathRule,
  RULES_BY_MESSAGE,
} from '../../request-rules/recordings.ts'
import { findRefusal, type Refusal } from '../../request-rules/rule.ts'
import { type Exchange, isCreateExchange } from './exchange.ts'
import { buildContext, type Knowledge, readFileHistory } from './knowledge.ts'

/** Returns the refusal that the file proves for a request, or undefined if it proves none. */
export function findProvenRefusal(known: Knowledge, exchange: Exchange): Refusal | undefined {
  const { body } = exchange
  if (!isCreateExchange(exchange)) return refuseByPath(known, exchange)
  if (!body) return undefined
  const history = readFileHistory(known)
  const asked = readHistoryRequest(body, { history, zeroDataRetention: false, holdsPrompts: true })
  return refuseAs(judgedHistoryRules, asked) ?? findRefusal(judgedInputRules, buildContext(known, body))
}

/** Returns the refusal of a GET or DELETE that the file proves by the id in the path. */
function refuseByPath(known: Knowledge, { method, path }: Exchange): Refusal | undefined {
  const [, kind, id = ''] = path.split('/')
  if (method !== 'GET' && method !== 'DELETE') return undefined
  const conversationId = kind === 'conversations' ? id : undefined
  // If the path names no response, the id is empty. The file shows no response with an empty id, so no rule applies.
  const responseId = kind === 'responses' ? id : ''
  return refuseAs([judgedPathRule], { responseId, conversationId, history: readFileHistory(known) })
}

/** Returns the refusal of the first rule that the request breaks, under the id that the checker gives the rule. */
function refuseAs<Asked>(judged: readonly JudgedRule<Asked>[], asked: Asked): Refusal | undefined {
  for (const { id, rules } of judged) {
    const refusal = findRefusal(rules, asked)
    if (refusal) return { ...refusal, rule: id }
  }
  return undefined
}

/** Returns the rule that a recorded refusal names in its message, if the request and its file must show it broken. */
export function findRuleByMessage(error: JsonObject): string | undefined {
  return RULES_BY_MESSAGE.find(([message]) => message.test(String(error['message'])))?.[1]
}
