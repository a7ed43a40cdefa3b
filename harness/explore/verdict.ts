import { filterEvents, type History } from '../contract/events.ts'
import type { Promised } from '../invariants/types.ts'
import type { Counterexample } from '../known/counterexample.ts'
import type { Plan } from '../plan/types.ts'

/** The result of one rule in one case on one runtime. A rule that is broken has one result for each cause. */
export type VerdictName =
  | 'holds'
  | 'unexercised'
  | 'violated'
  | 'known'
  | 'flaky'
  | 'not-applicable'
  | 'missing'
  | 'harness-error'

/**
 * What a verdict says: the rule held, no plan put it to the test, it was broken, it was skipped, or a failure prevented a
 * result (`unsaid`).
 */
export const verdictKinds: Readonly<
  Record<VerdictName, 'held' | 'untested' | 'broken' | 'skipped' | 'unsaid'>
> = {
  holds: 'held',
  unexercised: 'untested',
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
  /** The number of plans that ran, or that ran until one broke the rule with this cause. */
  plans: number
  /** How often the premise of the rule occurred, in all plans together. */
  witnesses: number
  /** A short key of what went wrong. Set if the rule is broken. */
  cause?: string
  /** The number of plans that broke the rule with this cause. Set if the rule is broken. */
  times?: number
  /** The smallest plan that breaks the rule with this cause. For a known violation: the first plan that did. */
  counterexample?: Counterexample
  /** The history that shows the violation. Set if the violation did not come back at once. */
  history?: History
  statement: string
  source: string
  /** Why the rule does not apply, was not reached, is a known violation, or could not be checked. */
  reason?: string
}

/** The result of one rule before the baseline is considered. */
export type Finding =
  | { verdict: 'holds' | 'unexercised'; plans: number; witnesses: number }
  | BrokenFinding
  | { verdict: 'not-applicable' | 'missing' | 'harness-error'; plans: number; reason: string }

export interface BrokenFinding {
  verdict: 'violated' | 'flaky'
  plans: number
  witnesses: number
  cause: string
  times: number
  counterexample: Counterexample
  history?: History
  /** What else is to be said of the cause. */
  reason?: string
}

/** Rules that a runtime must keep whatever the service does. A process that ends cannot be run again without service options. */
const HELD_WITH_ANY_SERVICE: ReadonlySet<string> = new Set(['process-survives'])

/** Returns the verdict for a finding. `known` is the reason of the baseline if a violation is expected. */
export function buildVerdict(
  subject: { runtime: string; version: string; scenario: string; mode: string },
  { id, level, statement, source }: Promised,
  finding: Finding,
  known: string | undefined,
): Verdict {
  const said = { ...subject, invariant: id, level, statement, source, witnesses: 0 }
  if ((finding.verdict === 'violated' || finding.verdict === 'flaky') && known !== undefined)
    return { ...said, ...finding, verdict: 'known', reason: known }
  if (
    finding.verdict !== 'violated' ||
    !hasServiceOptions(finding.counterexample.plan) ||
    HELD_WITH_ANY_SERVICE.has(id)
  )
    return { ...said, ...finding }
  const { service } = finding.counterexample.plan
  const options = `only if the service behaves like this, which is unknown: ${JSON.stringify(service)}`
  const reason = finding.reason === undefined ? options : `${options}; ${finding.reason}`
  return { ...said, ...finding, level: 'should', reason }
}

/** Returns whether a plan has service options. A violation of such a plan is only a should. */
export function hasServiceOptions({ service }: Plan): boolean {
  return service !== undefined
}

/** Returns whether a verdict makes `conform` fail: a violated must, or a rule that could not be checked. */
export function isDecisive({ verdict, level }: Verdict): boolean {
  return verdictKinds[verdict] === 'unsaid' || (verdict === 'violated' && level === 'must')
}

/** Returns one line for each run of a history, with its status and its error. */
export function formatRunEnds(history: History): string[] {
  return filterEvents(history, 'run.end').map(({ run, outcome: { status, error } }) => {
    const why = error ? ` with ${error.name}: ${error.message}` : ''
    return `${run} ${status}${why}`
  })
}
