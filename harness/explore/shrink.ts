import type { History } from '../contract/events.ts'
import type { Violation } from '../invariants/types.ts'
import { listSmallerPlans } from '../plan/smaller.ts'
import type { Plan } from '../plan/types.ts'

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
  let candidates = openCandidates(start.plan)
  let place = 0
  for (let tried = 0, vain = 0; tried < MOST; tried++) {
    let candidate = candidates.at(place)
    if (candidate === undefined && candidates.count > 0) {
      place %= candidates.count
      candidate = candidates.at(place)
    }
    if (candidate === undefined || vain >= candidates.count) break
    const next = await breaks(candidate)
    if (next === undefined) {
      vain++
      place++
      continue
    }
    smallest = next
    candidates = openCandidates(next.plan)
    vain = 0
  }
  return smallest
}

/** The plans that are one step smaller than another, by their places. */
interface Candidates {
  /** How many there are; infinity until all of them have been made once. */
  readonly count: number
  /** Undefined: there are not so many. */
  at(place: number): Plan | undefined
}

/** They are made one at a time and not kept: a large plan has more of them than the memory holds. */
function openCandidates(plan: Plan): Candidates {
  let rest = listSmallerPlans(plan)
  let next = 0
  let count = Number.POSITIVE_INFINITY
  return {
    get count() {
      return count
    },
    at(place) {
      if (place >= count) return undefined
      if (place < next) {
        rest = listSmallerPlans(plan)
        next = 0
      }
      for (;;) {
        const { done, value } = rest.next()
        if (done) {
          count = next
          return undefined
        }
        if (next++ === place) return value
      }
    },
  }
}
