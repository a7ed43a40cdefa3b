import type { Capability } from '../../harness/contract/runtime.ts'
import type { Generated, Scenario } from '../../harness/contract/scenario.ts'
import { SAMPLE } from '../../harness/explore/explore.ts'
import type { Comparison, Invariant } from '../../harness/invariants/types.ts'
import { drawPlans } from '../../harness/plan/drawn.ts'
import type { Plan } from '../../harness/plan/types.ts'
import { selectPromises } from '../../harness/vitest/cases.ts'
import { buildDefaults } from '../../harness/vitest/settings.ts'

/** A generated plan, with the rules that its scenario checks on it. */
export interface JudgedPlan {
  scenario: string
  plan: Plan
  /** The rules of level should. They kill no mutant. */
  shoulds: readonly Invariant[]
  invariants: readonly Invariant[]
  comparisons: readonly Comparison[]
}

/**
 * The first plan of a scenario on which comparisons are checked. From then on it is each `SAMPLE`th plan. `conform` compares more
 * plans in scenarios with `comparesAll`.
 */
const FIRST_COMPARED = 4

/**
 * Returns `count` generated plans for a runtime that supports this: the first plan of each scenario, then the second of each,
 * and so on. The rules are those that apply to the runtime.
 */
export function interleavePlans(
  scenarios: ReadonlyMap<string, Scenario>,
  supports: ReadonlySet<string>,
  seed: number,
  count: number,
): JudgedPlan[] {
  const applies = ({ needs }: Invariant | Comparison) => needs.every((need) => supports.has(need))
  const isMust = ({ level }: Invariant | Comparison) => level === 'must'
  const sources = [...scenarios].flatMap(([name, scenario]) => {
    if (!isGenerated(scenario) || !scenario.needs.every((need) => supports.has(need))) return []
    const promises = selectPromises(scenario, buildDefaults(new Date(0)))
    const drawn = drawPlans(scenario.plans(supports as ReadonlySet<Capability>), seed, name)
    const [musts, shoulds] = partition(promises.invariants.filter(applies), isMust)
    const comparisons = promises.comparisons.filter((one) => applies(one) && isMust(one))
    return [{ name, drawn, rules: { invariants: musts, shoulds }, comparisons }]
  })
  const plans: JudgedPlan[] = []
  for (let round = 0; plans.length < count && sources.length > 0; round++)
    for (const { name, drawn, rules, comparisons } of sources) {
      const { value: plan } = drawn.next()
      const due = round % SAMPLE === FIRST_COMPARED ? comparisons : []
      if (plan !== undefined && plans.length < count)
        plans.push({ scenario: name, plan, ...rules, comparisons: due })
    }
  return plans
}

function partition<T>(all: readonly T[], isFirst: (one: T) => boolean): [T[], T[]] {
  return [all.filter(isFirst), all.filter((one) => !isFirst(one))]
}

function isGenerated(scenario: Scenario): scenario is Generated {
  return 'plans' in scenario
}
