import { answeredCall } from '../grammar/input/calls.ts'
import { refuseInput } from '../grammar/input/input.ts'
import { resolvedInput } from '../grammar/input/references.ts'
import type { InputContext } from '../grammar/input/types.ts'
import type { JsonObject } from '../json.ts'
import { conversationOf } from '../request.ts'
import type { Machine } from './machine.ts'
import type { Refused } from './refusals/refusal.ts'
import { refused } from './refusals/refusal.ts'
import { mutuallyExclusive, previousNotFound, zeroDataRetention } from './refusals/section-1.ts'
import { outputOnce } from './refusals/section-3.ts'
import { conversationNotFound } from './refusals/section-4.ts'
import { type ConversationObject, chainOf, knownItem, type StoredResponse } from './store.ts'
import type { CreateBody } from './types.ts'

/** What a request builds on. */
export interface Ground {
  /** Items before the request's own, oldest first. */
  chain: readonly JsonObject[]
  previous?: StoredResponse
  conversation?: ConversationObject
}

/** The ground that a body names: the chain behind `previous_response_id`, a conversation object, or nothing. */
export function groundOf(body: CreateBody, machine: Machine): Ground | Refused {
  const { store, facts } = machine
  const previous = body['previous_response_id']
  const conversation = conversationOf(body)
  if (typeof previous === 'string' && conversation !== undefined) return refused(mutuallyExclusive)
  if (conversation !== undefined) {
    const held = store.conversations.get(conversation)
    return held === undefined
      ? refused(conversationNotFound, { id: conversation })
      : { chain: [...held.items], conversation: held }
  }
  if (typeof previous !== 'string') return { chain: [] }
  if (facts.zeroDataRetention) return refused(zeroDataRetention)
  const gone = facts.continueDeleted === 'accept' ? store.deleted.get(previous) : undefined
  const stored = liveResponse(machine, previous) ?? gone
  if (stored === undefined || !mayContinue(stored, machine))
    return refused(previousNotFound, { id: previous })
  return { chain: chainOf(stored), previous: stored }
}

/** A response that is kept still. */
export function liveResponse({ store, now }: Machine, id: string): StoredResponse | undefined {
  const stored = store.responses.get(id)
  return stored?.expires !== undefined && now() >= stored.expires ? undefined : stored
}

function mayContinue({ response, persisted }: StoredResponse, { facts }: Machine): boolean {
  switch (response.status) {
    case 'failed':
      return facts.continueFailed === 'accept'
    case 'cancelled':
      return facts.continueCancelled === 'accept'
    case 'queued':
    case 'in_progress':
      return facts.continueRunning === 'accept'
    default:
      return persisted
  }
}

/** The refusal of these items on this ground, or their place in the effective context: references resolved. */
export function effectiveInput(
  ground: Ground,
  input: JsonObject[],
  machine: Machine,
): JsonObject[] | Refused {
  const { store, facts, seal } = machine
  const context: InputContext = {
    chain: facts.incompleteCalls === 'need-output' ? ground.chain : withoutCutCalls(ground.chain, input),
    input,
    lookup: (id) => knownItem(store, id),
    complete: true,
    everyKind: facts.everyKindAnswered,
    callIdsNeeded: facts.reasoningBeforeBareCall === 'refuse',
    verifies: seal.verifies,
  }
  const twice = facts.secondOutput === 'refuse' ? answeredTwice([...ground.chain, ...input]) : undefined
  if (twice !== undefined) return refused(outputOnce, { id: twice })
  return refuseInput(context) ?? resolvedInput(context)
}

/** The chain, its calls that were cut while their arguments came made to ask for nothing, save those that are answered. */
function withoutCutCalls(chain: readonly JsonObject[], input: readonly JsonObject[]): readonly JsonObject[] {
  const cut = ({ type, status }: JsonObject) => status === 'incomplete' && String(type).endsWith('_call')
  if (!chain.some(cut)) return chain
  const answered = new Set([...chain, ...input].map(answeredCall))
  return chain.map((item) => {
    if (!cut(item) || answered.has(String(item['call_id']))) return item
    // It stays as what followed its reasoning, and its id stays taken.
    const { call_id: _, ...rest } = item
    return rest
  })
}

function answeredTwice(items: readonly JsonObject[]): string | undefined {
  const answered = items.map(answeredCall).filter((id) => id !== undefined)
  return answered.find((id, at) => answered.indexOf(id) !== at)
}
