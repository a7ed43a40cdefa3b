import type { Capability } from '../../harness/contract/runtime.ts'
import type { Generated } from '../../harness/contract/scenario.ts'
import { countCoverage, findGaps } from '../../harness/plan/coverage/count.ts'
import { drawChosenPlans } from '../../harness/plan/coverage/draw.ts'
import { buildUniverse } from '../../harness/plan/coverage/universe.ts'
import { words } from '../../harness/plan/coverage/words.ts'
import { takeFirst } from '../../harness/plan/drawn.ts'
import type { ScenarioCoverage } from '../../reports/coverage.ts'

/** Returns what the first `runs` generated plans of a scenario reach, as `conform` draws them for a runtime. */
export function measureCoverage(
  name: string,
  scenario: Generated,
  supports: ReadonlySet<Capability>,
  { runs, seed }: { runs: number; seed: number },
): ScenarioCoverage {
  const universe = buildUniverse(words, supports, scenario.leavesOut?.(supports))
  const plans = drawChosenPlans(scenario.plans(supports), seed, name)
  const counts = countCoverage(words, takeFirst(runs, plans))
  return { scenario: name, universe, counts, gaps: findGaps(universe, counts) }
}
