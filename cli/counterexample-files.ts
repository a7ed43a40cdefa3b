import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Verdict } from '../harness/explore/verdict.ts'
import { formatCounterexample } from '../harness/known/counterexample.ts'
import { jsonText } from '../mocks/json-text.ts'
import { writeResultFile } from '../mocks/result-file.ts'

/** The counterexamples that were written. */
export interface Kept {
  files: Map<Verdict, string>
  /** The histories that were written beside them: of violations that did not come back at once. */
  histories: Map<Verdict, string>
  /** The reason why a file could not be written. */
  problem?: string
}

/** Writes each counterexample to its own file in the folder `out`, and its history beside it if the verdict has one. */
export async function writeCounterexamples(verdicts: readonly Verdict[], out: string): Promise<Kept> {
  const files = new Map<Verdict, string>()
  const histories = new Map<Verdict, string>()
  const folder = resolve(out)
  const names = buildFileNames(verdicts.filter(({ counterexample }) => counterexample !== undefined))
  for (const [verdict, name] of names) {
    if (verdict.counterexample === undefined) continue
    const file = join(folder, `${name}.json`)
    try {
      await mkdir(folder, { recursive: true })
      await writeResultFile(file, formatCounterexample(verdict.counterexample))
      if (verdict.history !== undefined) {
        const beside = join(folder, `${name}.history.json`)
        await writeResultFile(beside, `${jsonText(verdict.history, 2)}\n`)
        histories.set(verdict, beside)
      }
    } catch (error) {
      return { files, histories, problem: `--out ${out}: cannot be written (${(error as Error).message})` }
    }
    files.set(verdict, file)
  }
  return { files, histories }
}

/**
 * Maximum characters of a part of a file name, and of a whole name. File systems allow 255 bytes, and an extension follows.
 */
const MOST_CHARACTERS = { part: 80, name: 200 }

type Broken = Pick<Verdict, 'runtime' | 'version' | 'scenario' | 'invariant' | 'cause'>

/**
 * Returns the file name of each verdict without its extension: RUNTIME--VERSION--SCENARIO--INVARIANT--CAUSE. The names are
 * unique, also on a file system that ignores case.
 */
export function buildFileNames<T extends Broken>(verdicts: readonly T[]): [T, string][] {
  const used = new Set<string>()
  return verdicts.map((verdict) => {
    const { runtime, version, scenario, invariant, cause = '' } = verdict
    const parts = [runtime, version, scenario, invariant, ...(cause === '' ? [] : [cause])]
    const words = cause === '' ? [] : [makeSlug(cause)]
    let name = [...[runtime, version, scenario, invariant].map(makeSafePart), ...words].join('--')
    if (name.length > MOST_CHARACTERS.name)
      name = `${name.slice(0, MOST_CHARACTERS.name)}-${hashParts(parts)}`
    for (let copy = 0; used.has(name.toLowerCase()); copy++)
      name = `${name}-${hashParts([...parts, String(copy)])}`
    used.add(name.toLowerCase())
    return [verdict, name]
  })
}

/**
 * Returns a name that is safe as part of a file name: it cannot leave the folder, look like an option, or contain the
 * separator. A changed name gets a hash of the original, so that two names never become equal.
 */
function makeSafePart(name: string): string {
  const safe = name
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replaceAll(/-{2,}/g, '-')
    .replace(/^[._-]+|-+$/g, '')
    .slice(0, MOST_CHARACTERS.part)
  return safe === name ? name : `${safe}-${hashParts([name])}`.replace(/^-/, '')
}

/** Returns the words of a cause, joined by dashes. Two causes may have one slug, so it makes no name unique. */
function makeSlug(cause: string): string {
  const slug = cause
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, MOST_CHARACTERS.part)
    .replaceAll(/^-+|-+$/g, '')
  return slug === '' ? `cause-${hashParts([cause])}` : slug
}

function hashParts(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 8)
}
