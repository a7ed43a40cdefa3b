import type { History } from '../contract/events.ts'
import { hasProcessEnded } from '../history/process.ts'
import type { Comparison, Invariant, Promised, Violation } from '../invariants/types.ts'
import type { Plan } from '../plan/types.ts'
import type { RunPlan } from './run-plan.ts'
import type { Breach } from './shrink.ts'

/** What the check of one rule found on one plan. */
export interface Checked {
  violations: Violation[]
  /** How often the premise of the rule occurred. */
  witnesses: number
}

/** An invariant or a comparison, checked on a plan that has run. */
export interface RuleCheck {
  rule: Promised
  /** Whether the rule is checked only on each eighth plan, even with `comparesAll`. */
  sampled?: boolean
  check(plan: Plan, history: History, run: RunPlan): Promise<Checked>
}

/** Returns the check of an invariant, which needs only the history of the plan. */
export function createInvariantCheck(invariant: Invariant): RuleCheck {
  return {
    rule: invariant,
    check: async (plan, history) => ({
      violations: invariant.check(history, plan),
      witnesses: invariant.countWitnesses(history, plan),
    }),
  }
}

/** Returns the check of a comparison, which runs the variants of the plan. */
export function createComparisonCheck(comparison: Comparison): RuleCheck {
  return {
    rule: comparison,
    sampled: comparison.sampled ?? false,
    async check(plan, history, run) {
      const nothing = { violations: [], witnesses: 0 }
      const variants = comparison.variants(plan)
      if (variants.length === 0 || hasProcessEnded(history)) return nothing
      const others: History[] = []
      for (const variant of variants) {
        const { history, lost } = await run(variant)
        // Other rules check that the process survives.
        if (lost || hasProcessEnded(history)) return nothing
        others.push(history)
      }
      return {
        violations: comparison.compare(history, others, plan),
        witnesses: comparison.countWitnesses(history, others, plan),
      }
    },
  }
}

/** Runs a plan and returns where it breaks the rule. Throws if the plan cannot be run. */
export async function findViolations(
  rule: Invariant | Comparison,
  plan: Plan,
  run: RunPlan,
): Promise<Violation[]> {
  const check = 'check' in rule ? createInvariantCheck(rule) : createComparisonCheck(rule)
  return (await check.check(plan, (await run(plan)).history, run)).violations
}

/**
 * Runs a plan. Returns how it breaks the rule with this cause. Returns undefined if it does not, or if the process did not
 * survive.
 */
export async function findBreach(
  rule: RuleCheck,
  plan: Plan,
  run: RunPlan,
  cause: string,
): Promise<Breach | undefined> {
  const { history, lost } = await run(plan)
  if (lost) return undefined
  const violations = (await rule.check(plan, history, run)).violations.filter((one) => one.cause === cause)
  return violations.length === 0 ? undefined : { plan, violations, history }
}
