import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { writeCounterexample } from '../harness/counterexample.ts'
import type { Verdict } from '../harness/verdict.ts'
import { writeResultFile } from '../mocks/result-file.ts'

export interface Kept {
  files: Map<Verdict, string>
  /** Why one could not be written. */
  problem?: string
}

/** Writes each counterexample to a file of its own, named by what it breaks; gives the files by verdict. */
export async function keepCounterexamples(verdicts: readonly Verdict[], out: string): Promise<Kept> {
  const files = new Map<Verdict, string>()
  const folder = resolve(out)
  for (const verdict of verdicts) {
    if (verdict.counterexample === undefined) continue
    const { runtime, version, scenario, invariant } = verdict
    const file = join(folder, `${[runtime, version, scenario, invariant].map(safe).join('--')}.json`)
    try {
      await mkdir(folder, { recursive: true })
      await writeResultFile(file, writeCounterexample(verdict.counterexample))
    } catch (error) {
      return { files, problem: `--out ${out}: cannot be written (${(error as Error).message})` }
    }
    files.set(verdict, file)
  }
  return { files }
}

/** A name as part of a file's: nothing in it leads out of the folder. */
function safe(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9._-]+/g, '-').slice(0, 80)
}
