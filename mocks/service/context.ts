import type { JsonObject } from '../json.ts'
import { readAnsweredCallId } from '../request-rules/calls.ts'
import { refuseInput } from '../request-rules/input.ts'
import { resolveReferences } from '../request-rules/item-references.ts'
import type { History, InputContext } from '../request-rules/known.ts'
import { canContinue, historyRules, readHistoryRequest } from '../request-rules/previous-response.ts'
import { findRefusal, type Refusal } from '../request-rules/rule.ts'
import type { Machine } from './machine.ts'
import { buildChain, type ConversationObject, findKnownItem, type StoredResponse } from './store.ts'
import type { CreateBody } from './types.ts'

/** The earlier items that a request continues. */
export interface Ground {
  /** The items before those of the request, oldest first. */
  chain: readonly JsonObject[]
  previous?: StoredResponse
  conversation?: ConversationObject
}

/** Returns what a body builds on: the chain behind `previous_response_id`, a conversation object, or nothing. */
export function findGround(body: CreateBody, machine: Machine): Ground | Refusal {
  const { store, facts } = machine
  const { zeroDataRetention } = facts
  const time = machine.now()
  const holdsPrompts = facts.prompts === 'every'
  const history = readStoreHistory(machine, time)
  const asked = readHistoryRequest(body, { history, zeroDataRetention, holdsPrompts })
  const refusal = findRefusal(historyRules, asked)
  if (refusal !== undefined) return refusal
  const conversation = store.conversations.get(asked.conversationId ?? '')
  if (conversation !== undefined) return { chain: [...conversation.items], conversation }
  const previousId = asked.previousId ?? ''
  const previous = findKeptResponse(machine, previousId, time) ?? store.deleted.get(previousId)
  return previous === undefined ? { chain: [] } : { chain: buildChain(previous), previous }
}

/**
 * Returns what the service knows of earlier responses and conversations at a time. Its store holds everything. One request
 * uses one time: a response must not expire while the request is handled.
 */
export function readStoreHistory(machine: Machine, time: number): History {
  const { store, facts } = machine
  return {
    findResponse(id) {
      const live = findKeptResponse(machine, id, time)
      const stored = live ?? store.deleted.get(id)
      if (stored === undefined) return undefined
      const isDeleted = live === undefined
      const isOffered = !isDeleted || facts.continueDeleted === 'accept'
      return {
        canContinue:
          isOffered &&
          canContinue(
            stored.response.status,
            stored.persisted || machine.socket?.find(id) !== undefined,
            facts,
          ),
        canFetch: !isDeleted,
        isDeleted,
      }
    },
    findConversation: (id) => (store.conversations.has(id) ? { isDeleted: false } : undefined),
    isComplete: true,
  }
}

/** Returns a response that is still kept at a time, or that the connection of a request holds. */
export function findKeptResponse(
  { store, socket }: Machine,
  id: string,
  time: number,
): StoredResponse | undefined {
  const held = socket?.find(id)
  if (held !== undefined) return held
  const stored = store.responses.get(id)
  return stored?.expires !== undefined && time >= stored.expires ? undefined : stored
}

/** Returns the input items with references resolved, or the refusal of these items. */
export function resolveInput(ground: Ground, input: JsonObject[], machine: Machine): JsonObject[] | Refusal {
  const { store, facts, seal } = machine
  const context: InputContext = {
    chain:
      facts.incompleteCalls === 'need-output' ? ground.chain : ignoreIncompleteCalls(ground.chain, input),
    input,
    findItem: (id) => findKnownItem(store, id),
    isComplete: true,
    knowsEveryItem: true,
    needsEveryKindAnswered: facts.everyKindAnswered,
    needsFollowerUnstored: facts.reasoningAloneUnstored === 'refuse',
    needsCallIds: facts.reasoningBeforeBareCall === 'refuse',
    refusesSecondOutput: facts.secondOutput === 'refuse',
    isSealValid: seal.isSealValid,
  }
  return refuseInput(context) ?? resolveReferences(context)
}

/**
 * Returns the chain without the call ids of incomplete calls, so that nothing must answer these calls. Answered calls
 * stay unchanged.
 */
function ignoreIncompleteCalls(
  chain: readonly JsonObject[],
  input: readonly JsonObject[],
): readonly JsonObject[] {
  const cut = ({ type, status }: JsonObject) => status === 'incomplete' && String(type).endsWith('_call')
  if (!chain.some(cut)) return chain
  const answered = new Set([...chain, ...input].map(readAnsweredCallId))
  return chain.map((item) => {
    if (!cut(item) || answered.has(String(item['call_id']))) return item
    // The item stays, because it may follow its reasoning item and because its id is used.
    const { call_id: _, ...rest } = item
    return rest
  })
}
