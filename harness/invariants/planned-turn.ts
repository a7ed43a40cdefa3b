import type { History } from '../contract/events.ts'
import { memoize } from '../history/projection.ts'
import type { RunRecord } from '../history/runs.ts'
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
