import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Counterexample } from '../../harness/counterexample.ts'
import { type Defect, isWithin, readDefect, type Size, sizeOf } from '../../harness/defect.ts'
import { comparisons, invariants } from '../../harness/invariants/index.ts'
import { errorShape } from '../../harness/runtime.ts'
import { underOneAnswer, type Verdict } from '../../harness/verdict.ts'
import { printable } from '../../mocks/printable.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { scenarioNames } from './chosen.ts'

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
  for (const file of files.sort()) {
    const defect = readDefect(await exportedBy(join(path, file), file), file)
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

/** What a file exports by default. Throws where it does, and is told where it ends the process in place of that. */
async function exportedBy(path: string, file: string): Promise<unknown> {
  const ended = () => {
    process.stderr.write(`${file}: found that it ends the process or never loads, expected a defect\n`)
    process.exitCode = exitCodes.harness
  }
  process.once('exit', ended)
  try {
    return ((await import(pathToFileURL(path).href)) as { default?: unknown }).default
  } catch (error) {
    throw new UsageError(`${file}: cannot be loaded: ${printable(errorShape(error).message, 1000)}`)
  } finally {
    process.off('exit', ended)
  }
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
