import type { History } from '../contract/events.ts'
import { memoize } from '../history/projection.ts'
import { isAnsweredWhole, listOuterRequests, type RequestRecord, type RunRecord } from '../history/runs.ts'
import type { Plan, Turn } from '../plan/types.ts'

/** Returns the turn of the plan that a run carries out. Returns undefined if the plan has no such turn. */
export function findPlannedTurn(
  { conversation, started }: Pick<RunRecord, 'conversation' | 'started'>,
  plan: Plan,
): Turn | undefined {
  return plan.conversations[conversation]?.turns[started.turn]
}

/** Returns the numbers of the requests for which the plan had no answer left. */
export const listUnscriptedRequests = memoize(
  (history: History): ReadonlySet<number> =>
    new Set(history.flatMap((event) => (event.kind === 'request.unscripted' ? [event.request] : []))),
)

/** Returns the first request for each answer that the agent that has the conversation asked for. */
export function listAskedAnswers(story: RunRecord): RequestRecord[] {
  return listOuterRequests(story).filter(({ asked }) => asked.attempt === 0)
}

/**
 * Returns whether a run has used all answers that its turn allows and needs one more, because the last one calls tools. Returns false
 * if the turn has no limit.
 */
export function needsMoreThanLimit(story: RunRecord, plan: Plan): boolean {
  const limit = findPlannedTurn(story, plan)?.limit
  return limit !== undefined && needsMoreThan(limit, story)
}

/**
 * The smallest number of answers after which a runtime documents that it gives up: `max_turns` of the OpenAI Agents SDK is 10 by
 * default. Two agents that hand off to each other for ever, as the plan wants it, reach any such limit.
 */
const SMALLEST_LIMIT = 10

/** Returns whether a run may have met the limit that its runtime sets by itself, because it needs one more answer. */
export function mayHaveMetOwnLimit(story: RunRecord): boolean {
  return needsMoreThan(SMALLEST_LIMIT, story)
}

/** Returns whether a run has had so many answers and needs one more, because the last one calls tools. */
function needsMoreThan(limit: number, story: RunRecord): boolean {
  if (listAskedAnswers(story).length < limit) return false
  const last = listOuterRequests(story).at(-1)
  const output = last?.ended?.event.response?.output ?? []
  return last !== undefined && isAnsweredWhole(last) && output.some(({ type }) => type === 'function_call')
}
