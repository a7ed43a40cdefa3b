import type { History } from '../contract/events.ts'
import type { Violation } from '../invariants/types.ts'
import { listSmallerPlans } from '../plan/smaller.ts'
import type { Plan } from '../plan/types.ts'

/** A plan that breaks a rule, with its history and its violations. */
export interface Breach {
  plan: Plan
  violations: Violation[]
  history: History
}

/** The maximum number of plans that run to shrink one plan. A runtime that fails at random would make it endless. */
const MAX_TRIES = 1_000

/**
 * Returns the smallest plan that still breaks the rule. `findBreach` runs a plan and returns undefined if it keeps the rule.
 * After a successful step, goes on with the next candidate and tries the earlier ones last. They mostly fail again. Ends early
 * with a plan that is small enough.
 */
export async function shrinkPlan(
  start: Breach,
  findBreach: (plan: Plan) => Promise<Breach | undefined>,
  isSmallEnough: (plan: Plan) => boolean = () => false,
): Promise<Breach> {
  let smallest = start
  let candidates = createCandidates(start)
  let place = 0
  for (let tried = 0, vain = 0; tried < MAX_TRIES && !isSmallEnough(smallest.plan); tried++) {
    let candidate = candidates.at(place)
    if (candidate === undefined && candidates.count > 0) {
      place %= candidates.count
      candidate = candidates.at(place)
    }
    if (candidate === undefined || vain >= candidates.count) break
    const next = await findBreach(candidate)
    if (next === undefined) {
      vain++
      place++
      continue
    }
    smallest = next
    candidates = createCandidates(next)
    vain = 0
  }
  return smallest
}

/** The plans that are one step smaller than a plan, by their index. */
interface Candidates {
  /** The number of candidates. Infinity until all of them were generated once. */
  readonly count: number
  /** Returns the candidate at an index, or undefined if there are fewer. */
  at(place: number): Plan | undefined
}

/** Returns the candidates of a plan. They are generated one by one and not kept, to save memory for large plans. */
function createCandidates({ plan, history }: Breach): Candidates {
  const taken = listTakenSteps(history)
  let rest = listSmallerPlans(plan, taken)
  let next = 0
  let count = Number.POSITIVE_INFINITY
  return {
    get count() {
      return count
    },
    at(place) {
      if (place >= count) return undefined
      if (place < next) {
        rest = listSmallerPlans(plan, taken)
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

/** Returns the conversation that each step took. */
function listTakenSteps(history: History): number[] {
  return history.flatMap((event) => (event.kind === 'step' ? [event.conversation] : []))
}
