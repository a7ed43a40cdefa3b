import type { Violation } from './invariants/types.ts'
import { smaller } from './plan/smaller.ts'
import type { Plan } from './plan/types.ts'

/** A plan and where it breaks a promise. */
export interface Breaking {
  plan: Plan
  violations: Violation[]
  /** How its runs ended. */
  ends: string[]
}

/** The most plans that are run to make one smaller: a runtime that breaks by chance must not keep it going for ever. */
const MOST = 1_000

/** Applies `smaller` until no smaller plan breaks the promise any more. `breaks` runs a plan; undefined: it holds. */
export async function shrink(
  start: Breaking,
  breaks: (plan: Plan) => Promise<Breaking | undefined>,
): Promise<Breaking> {
  let smallest = start
  let tried = 0
  for (;;) {
    let next: Breaking | undefined
    for (const plan of smaller(smallest.plan)) {
      if (tried++ >= MOST) return smallest
      next = await breaks(plan)
      if (next !== undefined) break
    }
    if (next === undefined) return smallest
    smallest = next
  }
}
