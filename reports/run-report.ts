import type { History } from '../harness/contract/events.ts'
import type { StaleEntry } from '../harness/explore/judge.ts'
import type { Verdict } from '../harness/explore/verdict.ts'
import type { Isolation } from '../harness/isolation/launch.ts'
import type { TransportName } from '../mocks/transports.ts'

/** The result of one case on one runtime. */
export interface CaseResult {
  /** The name of the runtime on the command line. */
  runtime: string
  /** A scenario, or one of its cases: `recordings/<id>`. */
  scenario: string
  verdicts: Verdict[]
  stale: StaleEntry[]
  /** Parts of a recording that were not replayed, with the reasons. */
  leftOut: string[]
  /** Effects of the runtime on its process that no invariant covers, one line each. */
  notes: string[]
  /** The history of a replayed plan, if it was asked for. */
  history?: History
  /** Why the runtime was refused: its adapter or driver uses a word that nobody knows. */
  refused?: string
}

/** The results of one call of `conform`. */
export interface RunReport {
  seed: number
  /** Number of plans per generated scenario. Absent if a time limit was given. */
  runs?: number
  transport: TransportName
  /** The runtime of `--against`. A violation counts only if this runtime does not have it. */
  against?: string
  /** How the processes of the workers were isolated from the machine. */
  isolation: Isolation
  results: CaseResult[]
  /** Errors outside any verdict, one line each. */
  faults: string[]
  /** Set if the run was ended early. The cases that had no verdict by then are missing. */
  partial?: true
}

/** Returns all verdicts of a report, by runtime, by scenario, and in the order of the invariants. */
export function listVerdicts({ results }: RunReport): Verdict[] {
  return results.flatMap(({ verdicts }) => verdicts)
}

/** Returns each version of each runtime once. A runtime that could not be loaded may have no version. */
export function listRuntimes(report: RunReport): { name: string; version: string }[] {
  const found = Map.groupBy(listVerdicts(report), ({ runtime }) => runtime)
  return [...found].flatMap(([name, verdicts]) => {
    const versions = [...new Set(verdicts.map(({ version }) => version))].filter((version) => version !== '')
    return (versions.length === 0 ? [''] : versions).map((version) => ({ name, version }))
  })
}

/** Returns each note about a runtime once. */
export function listNotes({ results }: RunReport): { runtime: string; note: string }[] {
  const found = new Map<string, { runtime: string; note: string }>()
  for (const { runtime, notes } of results)
    for (const note of notes) found.set(`${runtime}\n${note}`, { runtime, note })
  return [...found.values()]
}

/** Returns each stale entry of known.yaml once. */
export function listStale({ results }: RunReport): StaleEntry[] {
  const entries = new Map<string, StaleEntry>()
  for (const { stale } of results)
    for (const one of stale) entries.set([one.runtime, one.scenario, one.invariant, one.plan].join('\n'), one)
  return [...entries.values()]
}
