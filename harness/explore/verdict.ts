import { filterEvents, type History } from '../contract/events.ts'
import type { Promised } from '../invariants/types.ts'
import type { Counterexample } from '../known/counterexample.ts'
import type { Plan } from '../plan/types.ts'

/** What is said of one invariant on one runtime in one scenario. */
export type VerdictName =
  | 'holds'
  | 'violated'
  | 'known'
  | 'flaky'
  | 'not-applicable'
  | 'missing'
  | 'harness-error'

/**
 * What a verdict says: the check held, the runtime broke it, it was skipped, or nothing can be said because something else
 * went wrong.
 */
export const verdictKinds: Readonly<Record<VerdictName, 'held' | 'broken' | 'skipped' | 'unsaid'>> = {
  holds: 'held',
  violated: 'broken',
  known: 'broken',
  flaky: 'broken',
  'not-applicable': 'skipped',
  missing: 'unsaid',
  'harness-error': 'unsaid',
}

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
  /** The smallest plan found that breaks it. */
  counterexample?: Counterexample
  statement: string
  source: string
  /** Why it does not apply, was not reached, is known, or is the harness's fault. */
  reason?: string
}

/** What was found of one invariant, before a baseline is asked. */
export type Finding =
  | { verdict: 'holds'; plans: number }
  | { verdict: 'violated' | 'flaky'; plans: number; counterexample: Counterexample }
  | { verdict: 'not-applicable' | 'missing' | 'harness-error'; plans: number; reason: string }

/** The verdict that a finding gives; `known` is why a violation is expected, where it is. */
export function verdictOf(
  subject: { runtime: string; version: string; scenario: string; mode: string },
  { id, level, statement, source }: Promised,
  finding: Finding,
  known: string | undefined,
): Verdict {
  const said = { ...subject, invariant: id, level, statement, source }
  if ((finding.verdict === 'violated' || finding.verdict === 'flaky') && known !== undefined)
    return { ...said, ...finding, verdict: 'known', reason: known }
  if (finding.verdict !== 'violated' || !underOneAnswer(finding.counterexample.plan))
    return { ...said, ...finding }
  const { service } = finding.counterexample.plan
  const reason = `only where the service behaves so, of which nothing is known: ${JSON.stringify(service)}`
  return { ...said, ...finding, level: 'should', reason }
}

/** Whether a plan says how the service behaves where nothing is known of the real one: what it breaks is a should. */
export function underOneAnswer({ service }: Plan): boolean {
  return service !== undefined
}

/** Whether a verdict fails a run: a violated must, and what the harness could not say. */
export function isDecisive({ verdict, level }: Verdict): boolean {
  return verdictKinds[verdict] === 'unsaid' || (verdict === 'violated' && level === 'must')
}

/** How each run of a history ended, one line a run: a reader judges a violation by it. */
export function endsOf(history: History): string[] {
  return filterEvents(history, 'run.end').map(({ run, outcome: { status, error } }) => {
    const why = error ? ` with ${error.name}: ${error.message}` : ''
    return `${run} ${status}${why}`
  })
}
