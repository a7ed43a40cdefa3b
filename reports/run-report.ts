import type { Stale } from '../harness/explore/judge.ts'
import type { Verdict } from '../harness/explore/verdict.ts'
import type { Isolation } from '../harness/isolation/launch.ts'
import type { TransportName } from '../mocks/transports.ts'

/** What one case gave on one runtime. */
export interface CaseResult {
  /** The runtime as it was asked for. */
  runtime: string
  /** A scenario, or one of its cases: `recordings/<id>`. */
  scenario: string
  verdicts: Verdict[]
  stale: Stale[]
  /** What of a recording was not replayed, and why. */
  leftOut: string[]
  /** What the runtime does to its process that no promise is about, one line each. */
  notes: string[]
}

/** All that one call of `conform` found. */
export interface RunReport {
  seed: number
  /** How many plans each generated scenario was to have; absent where time was the limit. */
  runs?: number
  transport: TransportName
  /** The runtime that must keep what another breaks: what is violated on both counts for nothing. */
  against?: string
  /** How the workers' processes were kept apart from the machine. */
  isolation: Isolation
  results: CaseResult[]
  /** What went wrong outside any verdict, one line each. */
  faults: string[]
}

/** All verdicts of a report: by runtime, scenario, and in the order of the invariants. */
export function listVerdicts({ results }: RunReport): Verdict[] {
  return results.flatMap(({ verdicts }) => verdicts)
}

/** The runtimes of a report, each version of each once. What could not be loaded may not tell its version. */
export function listRuntimes(report: RunReport): { name: string; version: string }[] {
  const found = Map.groupBy(listVerdicts(report), ({ runtime }) => runtime)
  return [...found].flatMap(([name, verdicts]) => {
    const versions = [...new Set(verdicts.map(({ version }) => version))].filter((version) => version !== '')
    return (versions.length === 0 ? [''] : versions).map((version) => ({ name, version }))
  })
}

/** What the runtimes do to their processes that no promise is about, each once. */
export function listNotes({ results }: RunReport): { runtime: string; note: string }[] {
  const found = new Map<string, { runtime: string; note: string }>()
  for (const { runtime, notes } of results)
    for (const note of notes) found.set(`${runtime}\n${note}`, { runtime, note })
  return [...found.values()]
}

/** The entries of baselines that no longer stand, each once. */
export function listStale({ results }: RunReport): Stale[] {
  const entries = new Map<string, Stale>()
  for (const { stale } of results)
    for (const one of stale) entries.set([one.runtime, one.scenario, one.invariant, one.plan].join('\n'), one)
  return [...entries.values()]
}
