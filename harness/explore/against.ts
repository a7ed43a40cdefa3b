import type { Runtime } from '../contract/runtime.ts'
import type { Comparison, Invariant } from '../invariants/types.ts'
import type { Plan } from '../plan/types.ts'

/** A runtime beside another: what breaks a promise counts only where the other keeps it. */
export interface Against {
  /** What can be asked of both. */
  runtime: Runtime
  /** Whom a plan is run on. */
  runtimeFor(plan: Plan): Runtime
  /** Each invariant, broken where the first breaks it and the second does not. */
  comparisons: Comparison[]
}

/**
 * Puts every plan to two runtimes, most often one in two versions: so that what is found, and made smaller, is what changed
 * between them, whatever else is broken in both.
 */
export function against(runtime: Runtime, other: Runtime, invariants: readonly Invariant[]): Against {
  const twins = new WeakSet<Plan>()
  const supports = new Set([...runtime.supports].filter((capability) => other.supports.has(capability)))
  return {
    runtime: { ...runtime, supports },
    runtimeFor: (plan) => (twins.has(plan) ? other : runtime),
    comparisons: invariants.map(({ check, ...promised }) => ({
      ...promised,
      variants(plan) {
        const twin = { ...plan }
        twins.add(twin)
        return [twin]
      },
      compare(own, others) {
        const violations = check(own)
        const kept = others.every((history) => check(history).length === 0)
        return kept ? violations : []
      },
    })),
  }
}
