import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { underOneAnswer, type Verdict } from '../../harness/explore/verdict.ts'
import { comparisons, invariants } from '../../harness/invariants/index.ts'
import type { Counterexample } from '../../harness/known/counterexample.ts'
import { type Defect, isWithin, readDefect, type Size, sizeOf } from '../../harness/known/defect.ts'
import { printable } from '../../mocks/printable.ts'
import { UsageError } from '../exit-codes.ts'
import { scenarioNames } from './chosen.ts'
import { type Exported, exportedBy } from './defect-files.ts'

/** What became of a defect: seen as its file says, seen only in a plan that is larger, or not seen. */
export interface DefectResult extends Defect {
  result: 'found' | 'too-large' | 'not-found'
  /** How many plans it took, or were run in vain. */
  plans: number
  /** Of its counterexample; null where there is none. */
  size: Size | null
  counterexample: Counterexample | null
  /** Why it was not found. */
  reason?: string
}

/** The defects of a runtime, by their names: every file in its folder `defects`. Throws where one is none. */
export async function defectsIn(folder: string): Promise<Defect[]> {
  const path = join(folder, 'defects')
  if (!existsSync(path)) throw new UsageError(`defects: there is no ${path}`)
  const files = readdirSync(path).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  const known = { scenarios: scenarioNames(), promises: [...invariants, ...comparisons].map(({ id }) => id) }
  const defects: Defect[] = []
  files.sort()
  const exported = await exportedBy(files.map((file) => join(path, file)))
  for (const [place, file] of files.entries()) {
    const one = exported[place] as Exported
    if ('problem' in one) throw new UsageError(`${file}: ${printable(one.problem, 1000)}`)
    const defect = readDefect(one.value, file)
    if (!known.scenarios.includes(defect.scenario))
      throw new Error(
        `${file}: found the scenario ${defect.scenario}, expected one of ${known.scenarios.join(', ')}`,
      )
    if (!known.promises.includes(defect.breaks))
      throw new Error(`${file}: found that it breaks ${defect.breaks}, expected an invariant or comparison`)
    defects.push(defect)
  }
  return defects
}

/** What the verdict on a defect says; none where its scenario has no promise of that name. */
export function resultOf(defect: Defect, verdict: Verdict | undefined): DefectResult {
  if (verdict === undefined)
    return unseen(defect, 0, `${defect.scenario} is not checked against ${defect.breaks}`)
  const { plans, counterexample = null, reason } = verdict
  // What breaks only where the service behaves in one of several ways proves nothing.
  if (verdict.verdict !== 'violated' || counterexample === null || underOneAnswer(counterexample.plan))
    return unseen(defect, plans, reason ?? verdict.verdict)
  const size = sizeOf(counterexample.plan)
  const result = isWithin(size, defect.smallest) ? 'found' : 'too-large'
  return { ...defect, result, plans, size, counterexample }
}

function unseen(defect: Defect, plans: number, reason: string): DefectResult {
  return { ...defect, result: 'not-found', plans, size: null, counterexample: null, reason }
}
