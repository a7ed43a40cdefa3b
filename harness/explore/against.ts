import type { Runtime } from '../contract/runtime.ts'
import type { Comparison, Invariant } from '../invariants/types.ts'
import type { Plan } from '../plan/types.ts'

/** A runtime and another one to compare with, mostly two versions of one runtime. */
export interface DifferentialTest {
  /** The first runtime, with only the capabilities that both have. */
  runtime: Runtime
  /** Returns the runtime that a plan runs on: the other one for the variants of a comparison. */
  runtimeFor(plan: Plan): Runtime
  /** The invariants as comparisons. A plan breaks one if it breaks the invariant only on the first runtime. */
  comparisons: Comparison[]
}

/**
 * Returns comparisons that run each plan on both runtimes. They find only what differs between the runtimes, and no violation
 * that both have.
 */
export function createDifferentialTest(
  runtime: Runtime,
  other: Runtime,
  invariants: readonly Invariant[],
): DifferentialTest {
  const twins = new WeakSet<Plan>()
  const supports = new Set([...runtime.supports].filter((capability) => other.supports.has(capability)))
  return {
    runtime: { ...runtime, supports },
    runtimeFor: (plan) => (twins.has(plan) ? other : runtime),
    comparisons: invariants.map(({ check, countWitnesses, ...promised }) => ({
      ...promised,
      variants(plan) {
        const twin = { ...plan }
        twins.add(twin)
        return [twin]
      },
      compare(own, others, plan) {
        const violations = check(own, plan)
        const kept = others.every((history) => check(history, plan).length === 0)
        return kept ? violations : []
      },
      countWitnesses: (own, _, plan) => countWitnesses(own, plan),
    })),
  }
}
