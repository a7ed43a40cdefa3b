import { REPLAYS } from '../../harness/explore/explore.ts'
import {
  createComparisonCheck,
  createInvariantCheck,
  findBreach,
  type RuleCheck,
} from '../../harness/explore/rule-check.ts'
import type { PlanRun, RunPlan } from '../../harness/explore/run-plan.ts'
import { hasServiceOptions } from '../../harness/explore/verdict.ts'
import type { Plan } from '../../harness/plan/types.ts'
import type { JudgedPlan } from './interleave-plans.ts'
import type { Killed } from './mutant.ts'

/**
 * Runs a plan and returns the first must that it breaks, or undefined. Checks what `conform` checks: the invariants, the
 * comparisons, and the invariants on the variants that the comparisons ran. A must counts only if a plan without service
 * options breaks it, and if it breaks again when the plan is run again.
 */
export async function findBrokenMust(
  { scenario, plan, invariants, shoulds, comparisons }: JudgedPlan,
  run: RunPlan,
  hearShould: (rule: string) => void,
): Promise<Killed | undefined> {
  const invariantChecks = invariants.map(createInvariantCheck)
  const ran = await run(plan)
  const own = await findFirst(scenario, invariantChecks, plan, ran, run)
  if (own !== undefined) return own
  for (const { id, check } of shoulds) if (check(ran.history, plan).length > 0) hearShould(id)
  const forms = new Map<string, [Plan, PlanRun]>()
  const runForm: RunPlan = async (form) => {
    const text = JSON.stringify(form)
    const before = forms.get(text)
    if (before !== undefined) return before[1]
    const beside = await run(form)
    forms.set(text, [form, beside])
    return beside
  }
  const compared = comparisons.map(createComparisonCheck)
  const differing = await findFirst(scenario, compared, plan, ran, runForm, run)
  if (differing !== undefined) return differing
  for (const [form, beside] of forms.values()) {
    const found = await findFirst(scenario, invariantChecks, form, beside, run)
    if (found !== undefined) return found
  }
  return undefined
}

/** Returns the first of these rules that a plan breaks. `runAgain` repeats the plan. */
async function findFirst(
  scenario: string,
  checks: readonly RuleCheck[],
  plan: Plan,
  { history }: PlanRun,
  run: RunPlan,
  runAgain = run,
): Promise<Killed | undefined> {
  for (const check of checks) {
    const { violations } = await check.check(plan, history, run)
    for (const [cause, [first]] of Map.groupBy(violations, (one) => one.cause)) {
      if (!(await breaksAgain(check, plan, cause, runAgain))) continue
      return { fact: 'must', invariant: check.rule.id, scenario, cause, message: first?.message ?? '' }
    }
  }
  return undefined
}

async function breaksAgain(check: RuleCheck, plan: Plan, cause: string, run: RunPlan): Promise<boolean> {
  const { service: _, ...byDefault } = plan
  const again = hasServiceOptions(plan) ? byDefault : plan
  for (let replay = 0; replay < REPLAYS; replay++)
    if ((await findBreach(check, again, run, cause)) !== undefined) return true
  return false
}
