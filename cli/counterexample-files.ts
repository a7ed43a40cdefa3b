import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Verdict } from '../harness/explore/verdict.ts'
import { writeCounterexample } from '../harness/known/counterexample.ts'
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
  const names = fileNames(verdicts.filter(({ counterexample }) => counterexample !== undefined))
  for (const [verdict, name] of names) {
    if (verdict.counterexample === undefined) continue
    const file = join(folder, `${name}.json`)
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

/** Longest part of a file's name, and the longest name: file systems take 255 bytes, and endings come on top. */
const LONGEST = { part: 80, name: 200 }

type Broken = Pick<Verdict, 'runtime' | 'version' | 'scenario' | 'invariant'>

/**
 * Returns the name of each verdict's file, without its ending: RUNTIME--VERSION--SCENARIO--INVARIANT. No two are the same,
 * also where a file system takes capitals for small letters.
 */
export function fileNames<T extends Broken>(verdicts: readonly T[]): [T, string][] {
  const used = new Set<string>()
  return verdicts.map((verdict) => {
    const { runtime, version, scenario, invariant } = verdict
    const parts = [runtime, version, scenario, invariant]
    let name = parts.map(safePart).join('--')
    if (name.length > LONGEST.name) name = `${name.slice(0, LONGEST.name)}-${hashOf(parts)}`
    for (let copy = 0; used.has(name.toLowerCase()); copy++)
      name = `${name}-${hashOf([...parts, String(copy)])}`
    used.add(name.toLowerCase())
    return [verdict, name]
  })
}

/**
 * A name as part of a file's: nothing in it leads out of the folder, looks like an option, or runs into the next part.
 * If it was changed or cut for that a hash of the whole follows, so that two names never become one.
 */
function safePart(name: string): string {
  const safe = name
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replaceAll(/-{2,}/g, '-')
    .replace(/^[._-]+|-+$/g, '')
    .slice(0, LONGEST.part)
  return safe === name ? name : `${safe}-${hashOf([name])}`.replace(/^-/, '')
}

function hashOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 8)
}
