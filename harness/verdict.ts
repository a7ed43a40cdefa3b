import { eventsOf, type History } from './history/events.ts'
import type { Invariant, Violation } from './invariants/types.ts'
import type { Runtime } from './runtime.ts'

/** What is said of one invariant on one runtime in one scenario. */
export type VerdictName =
  | 'holds'
  | 'violated'
  | 'known'
  | 'flaky'
  | 'not-applicable'
  | 'missing'
  | 'harness-error'

export interface Verdict {
  runtime: string
  version: string
  scenario: string
  invariant: string
  level: 'must' | 'should'
  mode: string
  verdict: VerdictName
  /** How many plans were run for it. */
  plans: number
  /** What was found in the first history that breaks it, and how its runs ended. */
  violation?: Violation & { plan: string; ends: string[] }
  statement: string
  source: string
  /** Why it does not apply, was not reached, or is the harness's fault. */
  reason?: string
}

/** What a recording gave on one runtime. */
export interface RecordingVerdicts {
  recording: string
  verdicts: Verdict[]
  /** Exchanges of the file that were not replayed, and conversations that could not be. */
  leftOut: string[]
}

/** One plan that was run, under the name by which a person finds it again. */
export interface Judged {
  plan: string
  history: History
}

/** Why the histories are missing: the scenario cannot be put to this runtime, or the harness failed. */
export interface Unjudged {
  verdict: 'not-applicable' | 'missing' | 'harness-error'
  reason: string
}

/** The verdict on one invariant: violated where one history breaks it, not applicable where the runtime lacks what it is about. */
export function judge(
  runtime: Pick<Runtime, 'name' | 'version' | 'supports'>,
  scenario: string,
  invariant: Invariant,
  judged: readonly Judged[] | Unjudged,
): Verdict {
  const { id, level, statement, source } = invariant
  const { name, version } = runtime
  const said = { runtime: name, version, scenario, invariant: id, level, mode: 'on', statement, source }
  if ('reason' in judged) return { ...said, ...judged, plans: 0 }
  const lacking = invariant.needs.filter((capability) => !runtime.supports.has(capability))
  if (lacking.length > 0)
    return { ...said, verdict: 'not-applicable', plans: 0, reason: `${name} has no ${lacking.join(', ')}` }
  for (const { plan, history } of judged) {
    const [violation] = invariant.check(history)
    if (violation)
      return {
        ...said,
        verdict: 'violated',
        plans: judged.length,
        violation: { ...violation, plan, ends: endsOf(history) },
      }
  }
  return { ...said, verdict: 'holds', plans: judged.length }
}

/** How each run of a history ended, one line a run: a reader judges a violation by it. */
function endsOf(history: History): string[] {
  return eventsOf(history, 'run.end').map(({ run, outcome: { status, error } }) => {
    const why = error ? ` with ${error.name}: ${error.message}` : ''
    return `${run} ${status}${why}`
  })
}
