import type { Kept } from '../harness/contract/scenario.ts'
import { keptPlans } from '../harness/known/kept-plans.ts'

/**
 * What broke a runtime once, made as small as it can be. Each file in regressions/ is a plan, or a counterexample as
 * `conform` writes it, and a case of its own on every runtime that can run it; they are run before all else.
 */
const regressions: Kept = {
  about: 'Plans that broke a runtime once, kept as files in scenarios/regressions/ and run before all else.',
  source: 'The files themselves: a counterexample names the runtime and the invariant that it broke.',
  cases: keptPlans(new URL('./regressions/', import.meta.url)),
}

export default regressions
