import { createHash } from 'node:crypto'
import { isLabel } from '../../harness/contract/label.ts'
import type { Verdict } from '../../harness/explore/verdict.ts'
import { listDefaultSubjects, listRequestedSubjects } from '../../harness/vitest/projects.ts'
import type { Subject } from '../../harness/vitest/settings.ts'
import { toPrintable } from '../../mocks/printable.ts'
import type { CaseResult } from '../../reports/run-report.ts'
import { UsageError } from '../exit-codes.ts'

/**
 * Returns the results with a unique name for each runtime. An adapter chooses its own name, so two adapters may choose the
 * same name. Their results would share a column of the report, and their counterexamples would share a file. Such a runtime
 * gets the name from the command line as well: `openai-loop (mine)`.
 */
export function makeRuntimesDistinct(
  results: readonly CaseResult[],
  asked: readonly Subject[],
): CaseResult[] {
  const own = [...listDefaultSubjects(), ...listRequestedSubjects()].map(({ name }) => name)
  const nameOf = new Map(asked.map((subject) => [subject.name, isOwn(subject, own)]))
  const seen = results.flatMap(({ runtime, verdicts }) =>
    verdicts.map((verdict) => ({ asked: runtime, name: verdict.runtime, version: verdict.version })),
  )
  const isShared = (runtime: string, { runtime: name, version }: Pick<Verdict, 'runtime' | 'version'>) =>
    own.includes(removeSuffix(name)) ||
    seen.some(
      (other) =>
        other.asked !== runtime &&
        other.name === name &&
        (other.version === version || other.version === '' || version === ''),
    )
  return results.map((result) => {
    if (nameOf.get(result.runtime) !== false) return result
    // A runtime that could not be loaded has the name from the command line, which is unique.
    const told = result.verdicts.find((verdict) => verdict.runtime !== result.runtime)
    if (told === undefined || !isShared(result.runtime, told)) return result
    return renameRuntimeInResult(result, buildLabel(told.runtime, result.runtime))
  })
}

/**
 * Throws a `UsageError` if a runtime reports another version than the command line asked for. `versions` holds the wanted
 * versions by the runtime's name on the command line.
 */
export function requireAskedVersions(
  results: readonly CaseResult[],
  versions: ReadonlyMap<string, string>,
): void {
  for (const { runtime, verdicts } of results) {
    const wanted = versions.get(runtime)
    const found = verdicts.find(({ version }) => version !== '')?.version
    if (wanted !== undefined && found !== undefined && wanted !== found)
      throw new UsageError(
        toPrintable(`--runtime: found ${runtime}@${wanted}, expected the installed ${runtime}@${found}`, 600),
      )
  }
}

/** Throws a `UsageError` if an adapter or driver says with an unknown word what its runtime can do. */
export function requireKnownWords(results: readonly CaseResult[]): void {
  const refused = results.find((result) => result.refused !== undefined)?.refused
  if (refused !== undefined) throw new UsageError(toPrintable(refused, 1_000))
}

/** Returns whether a runtime belongs to this project, at any version and with any defect. */
function isOwn({ name }: Subject, own: readonly string[]): boolean {
  return own.includes(removeSuffix(name))
}

function removeSuffix(name: string): string {
  return name.split(/[@+]/)[0] ?? name
}

/** Returns both names as one label, shortened if necessary. */
function buildLabel(name: string, asked: string): string {
  const whole = `${name} (${toPrintable(asked, 1_000)})`
  if (isLabel(whole)) return whole
  const hash = createHash('sha256').update(whole).digest('hex').slice(0, 8)
  return `${name.slice(0, 80)} (${toPrintable(asked, 1_000).slice(-80)}, ${hash})`
}

function renameRuntimeInResult(result: CaseResult, runtime: string): CaseResult {
  const verdicts = result.verdicts.map((verdict) => ({
    ...verdict,
    runtime,
    ...(verdict.counterexample ? { counterexample: { ...verdict.counterexample, runtime } } : {}),
  }))
  return { ...result, verdicts, stale: result.stale.map((one) => ({ ...one, runtime })) }
}
