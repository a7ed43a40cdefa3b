import type { Kept } from '../harness/contract/scenario.ts'
import { readKeptPlans } from '../harness/known/kept-plans.ts'

/**
 * Shrunk plans that once broke a runtime. Each file in regressions/ is a plan, or a counterexample as `conform` writes it.
 * Each file is one case, runs on every runtime that can run it, and runs before all other scenarios.
 */
const regressions: Kept = {
  about: 'Runs the plans in scenarios/regressions/, which once broke a runtime, before all other scenarios.',
  source: 'The files themselves: a counterexample names the runtime and the invariant that it broke.',
  cases: readKeptPlans(new URL('./regressions/', import.meta.url)),
}

export default regressions
