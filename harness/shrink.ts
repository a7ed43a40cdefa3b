import type { History } from './history/events.ts'
import type { Violation } from './invariants/types.ts'
import { smaller } from './plan/smaller.ts'
import type { Plan } from './plan/types.ts'

/** A plan and where it breaks a promise. */
export interface Breaking {
  plan: Plan
  violations: Violation[]
  history: History
}

/** The most plans that are run to make one smaller: a runtime that breaks by chance must not keep it going for ever. */
const MOST = 1_000

/**
 * Applies `smaller` until no smaller plan breaks the promise any more. `breaks` runs a plan; undefined: it holds. After a
 * step that still breaks it goes on with the steps that come next, and comes back to those before only in the end: what
 * was needed a step ago is mostly needed still.
 */
export async function shrink(
  start: Breaking,
  breaks: (plan: Plan) => Promise<Breaking | undefined>,
): Promise<Breaking> {
  let smallest = start
  let candidates = [...smaller(start.plan)]
  let place = 0
  for (let tried = 0, vain = 0; vain < candidates.length && tried < MOST; tried++) {
    place %= candidates.length
    const next = await breaks(candidates[place] as Plan)
    if (next === undefined) {
      vain++
      place++
      continue
    }
    smallest = next
    candidates = [...smaller(next.plan)]
    vain = 0
  }
  return smallest
}
