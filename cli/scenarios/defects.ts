import { hasServiceOptions, type Verdict } from '../../harness/explore/verdict.ts'
import { comparisons, invariants } from '../../harness/invariants/index.ts'
import type { Counterexample } from '../../harness/known/counterexample.ts'
import { type Defect, isWithin, measureSize, readDefect, type Size } from '../../harness/known/defect.ts'
import { listScenarioNames } from './chosen.ts'
import { readFolder } from './defect-files.ts'

/** The result for a defect: found, found only with a plan that is larger than its file allows, or not found. */
export interface DefectResult extends Defect {
  result: 'found' | 'too-large' | 'not-found'
  /** The number of plans that ran until the defect was found, or in all. */
  plans: number
  /** The size of the counterexample; null if there is none. */
  size: Size | null
  counterexample: Counterexample | null
  /** The reason why the defect was not found. */
  reason?: string
}

/** Reads the defects of a runtime from the files in its folder `defects`. Throws if a file is not a defect. */
export async function readDefects(folder: string): Promise<Defect[]> {
  const known = {
    scenarios: listScenarioNames(),
    promises: [...invariants, ...comparisons].map(({ id }) => id),
  }
  const defects: Defect[] = []
  for (const { file, value } of await readFolder(folder, 'defects')) {
    const defect = readDefect(value, file)
    if (!known.scenarios.includes(defect.scenario))
      throw new Error(
        `${file}: scenario: found ${defect.scenario}, expected one of ${known.scenarios.join(', ')}`,
      )
    if (!known.promises.includes(defect.breaks))
      throw new Error(
        `${file}: breaks: found ${defect.breaks}, expected the id of an invariant or comparison`,
      )
    defects.push(defect)
  }
  return defects
}

/** Returns the verdict of an invariant, and a violation before a flaky one if it has several causes. */
export function chooseVerdict(verdicts: readonly Verdict[], invariant: string): Verdict | undefined {
  const own = verdicts.filter((one) => one.invariant === invariant)
  return own.find(({ verdict }) => verdict === 'violated') ?? own[0]
}

/** Returns the result for a defect. `verdict` is undefined if the scenario does not check the invariant of the defect. */
export function buildResult(defect: Defect, verdict: Verdict | undefined): DefectResult {
  if (verdict === undefined)
    return buildNotFound(defect, 0, `the scenario ${defect.scenario} does not check ${defect.breaks}`)
  const { plans, counterexample = null, reason } = verdict
  // A violation under an unproven behaviour of the service does not count.
  if (verdict.verdict !== 'violated' || counterexample === null || hasServiceOptions(counterexample.plan))
    return buildNotFound(defect, plans, reason ?? verdict.verdict)
  const size = measureSize(counterexample.plan)
  const result = isWithin(size, defect.smallest) ? 'found' : 'too-large'
  return { ...defect, result, plans, size, counterexample }
}

function buildNotFound(defect: Defect, plans: number, reason: string): DefectResult {
  return { ...defect, result: 'not-found', plans, size: null, counterexample: null, reason }
}
