import { describeTransport, type TransportName } from '../../mocks/transports.ts'
import { describeError } from '../contract/error-shape.ts'
import type { Runtime } from '../contract/runtime.ts'
import { buildTimeline } from '../history/timeline.ts'
import type { Comparison, Invariant, Promised } from '../invariants/types.ts'
import { appliesToScenario, hasExpired, type KnownViolation } from '../known/baseline.ts'
import type { Plan } from '../plan/types.ts'
import {
  type ExploreResult,
  type ExploreSetup,
  explore,
  type Found,
  MOST_CAUSES,
  REPLAYS,
} from './explore.ts'
import { findViolations } from './rule-check.ts'
import type { RunPlan } from './run-plan.ts'
import { buildVerdict, type Finding, formatRunEnds, type Verdict } from './verdict.ts'

/** One unit of a scenario that gets verdicts. */
export interface Case {
  /** The name of the scenario, or of a part of it: `recordings/<id>`. */
  scenario: string
  plans: Iterable<Plan>
  /** Whether comparisons run on every plan. By default they run on each eighth. */
  comparesAll?: boolean
  /** Why the case has no plans for this runtime. */
  inapplicable?: string
}

export interface JudgeSetup extends Omit<ExploreSetup, 'plans' | 'comparesAll' | 'isExpected'> {
  known: readonly KnownViolation[]
  /** What each entry of `known` showed. Filled when an entry is replayed for the first time. */
  replayed: Map<KnownViolation, Promise<ReplayedEntry>>
  transport: TransportName
  /** Whether each violation comes with the whole history that shows it. */
  keepsHistory?: boolean
  /** Runs the plans of `known`. */
  runKnown: RunPlan
  /** A date like `2026-11-20`. */
  today: string
}

/** What the plan of an entry of the baseline shows: the causes of its violations, or why the entry is out of date. */
export type ReplayedEntry = { causes: readonly string[] } | { stale: string }

/** The verdicts of one case on one runtime. */
export interface JudgedCase {
  verdicts: Verdict[]
  stale: StaleEntry[]
}

/** An entry of a baseline that is out of date. It makes `conform` fail. */
export interface StaleEntry {
  runtime: string
  scenario: string
  invariant: string
  plan: string
  reason: string
}

/**
 * Replays the known violations of a case, explores its plans, and returns a verdict for each rule, or one for each cause if a
 * rule is broken.
 */
export async function judgeCase(runtime: Runtime, one: Case, setup: JudgeSetup): Promise<JudgedCase> {
  const { scenario } = one
  const applies = ({ needs }: Promised) => needs.every((need) => runtime.supports.has(need))
  const rules = [...setup.invariants, ...setup.comparisons]
  const { stale, standing } = await replayKnownViolations(runtime, one, setup)
  const explored =
    one.inapplicable === undefined
      ? await explore({
          ...setup,
          plans: one.plans,
          comparesAll: one.comparesAll ?? false,
          invariants: setup.invariants.filter(applies),
          comparisons: setup.comparisons.filter(applies),
          isExpected: (rule, cause) => standing.get(rule)?.has(cause) ?? false,
        })
      : []
  const subject = { runtime: runtime.name, version: runtime.version, scenario, mode: 'on' }
  const verdicts = rules.flatMap((rule) => {
    const found = explored.find((each) => each.rule.id === rule.id)
    const findings = found
      ? buildFindings(found, runtime, scenario, setup)
      : [buildNotApplicable(runtime, one, rule)]
    return findings.map((finding) => {
      const entry = 'cause' in finding ? standing.get(rule.id)?.get(finding.cause) : undefined
      return buildVerdict(subject, rule, finding, entry?.reason)
    })
  })
  return { verdicts, stale }
}

function buildNotApplicable(runtime: Runtime, { inapplicable }: Case, { needs }: Promised): Finding {
  const lacking = needs.filter((need) => !runtime.supports.has(need))
  const reason = inapplicable ?? describeMissingCapabilities(runtime.name, lacking)
  return { verdict: 'not-applicable', plans: 0, reason }
}

/** Returns a text that names the missing capabilities of an adapter. The text fits after "because". */
export function describeMissingCapabilities(name: string, lacking: readonly string[]): string {
  return `the adapter of ${name} does not declare ${lacking.map((one) => `\`${one}\``).join(', ')}`
}

/** Returns the finding of a rule, or one for each cause if the rule is broken. */
function buildFindings(
  explored: ExploreResult,
  runtime: Runtime,
  scenario: string,
  { transport, keepsHistory = false }: Pick<JudgeSetup, 'transport' | 'keepsHistory'>,
): Finding[] {
  const { rule, plans, witnesses, found, hasMoreCauses, fault, notReached } = explored
  if (found.length === 0) {
    if (fault !== undefined) return [{ verdict: 'harness-error', plans, reason: fault }]
    if (notReached !== undefined) return [{ verdict: 'missing', plans, reason: notReached }]
    if (plans === 0) return [{ verdict: 'missing', plans, reason: 'no plan was run' }]
    return [{ verdict: witnesses === 0 ? 'unexercised' : 'holds', plans, witnesses }]
  }
  // A deterministic runtime gives equal histories if the clock is held, so a difference is a fault of the harness.
  if (
    runtime.deterministic &&
    describeTransport(transport).time === 'held' &&
    rule.id === 'same-plan-same-history'
  ) {
    const reason = found[0]?.violations[0]?.message ?? 'two histories differ'
    return [{ verdict: 'harness-error', plans, reason }]
  }
  const { name, version } = runtime
  const where = { runtime: name, version, scenario, invariant: rule.id, transport }
  // A known violation has another reason.
  const last = found.findLast(({ expected }) => !expected)
  return found.map((one) => ({
    verdict: one.flaky ? 'flaky' : 'violated',
    plans: one.plans,
    witnesses,
    cause: one.cause,
    times: one.times,
    ...(one.flaky || keepsHistory ? { history: one.history } : {}),
    counterexample: { schema: 1, ...where, ...describeFound(one) },
    ...(hasMoreCauses && one === last
      ? { reason: `more than ${MOST_CAUSES} causes were seen; the others were not searched for` }
      : {}),
  }))
}

/** Returns what a counterexample says of a plan that breaks a rule. */
function describeFound({ plan, violations, history }: Found) {
  const timeline = buildTimeline(
    history,
    violations.map(({ at }) => at),
  )
  return { violations, ends: formatRunEnds(history), timeline, plan }
}

/**
 * Replays the entries of the baseline that apply to a case. Returns the stale ones, and the others by their rule and by each
 * cause that their plan shows.
 */
async function replayKnownViolations(
  { name }: Runtime,
  { scenario }: Case,
  setup: JudgeSetup,
): Promise<{ stale: StaleEntry[]; standing: Map<string, Map<string, KnownViolation>> }> {
  const stale: StaleEntry[] = []
  const standing = new Map<string, Map<string, KnownViolation>>()
  const rules = [...setup.invariants, ...setup.comparisons]
  for (const entry of setup.known) {
    const rule = rules.find(({ id }) => id === entry.invariant)
    if (rule === undefined || !appliesToScenario(entry, scenario)) continue
    const { scenario: of, invariant, file: plan } = entry
    const replayed = await replayEntry(entry, rule, setup)
    if ('stale' in replayed)
      stale.push({ runtime: name, scenario: of, invariant, plan, reason: replayed.stale })
    else {
      const byCause = standing.get(invariant) ?? new Map<string, KnownViolation>()
      for (const cause of replayed.causes) if (!byCause.has(cause)) byCause.set(cause, entry)
      standing.set(invariant, byCause)
    }
  }
  return { stale, standing }
}

/** Returns what the plan of an entry shows. Replays each entry only once, since it can apply to many cases. */
function replayEntry(
  entry: KnownViolation,
  rule: Invariant | Comparison,
  { replayed, today, runKnown }: JudgeSetup,
): Promise<ReplayedEntry> {
  const before = replayed.get(entry)
  if (before) return before
  const answer = (async (): Promise<ReplayedEntry> => {
    if (hasExpired(entry, today)) return { stale: `it expired on ${entry.expires}` }
    try {
      const causes = await findCauses(rule, entry, runKnown)
      if (causes.length === 0) return { stale: 'its plan no longer violates' }
      const gone = (entry.causes ?? []).filter((cause) => !causes.includes(cause))
      return gone.length === 0
        ? { causes }
        : { stale: `its plan shows ${quoteAll(causes)} and not ${quoteAll(gone)}` }
    } catch (error) {
      return { stale: `its plan cannot be run: ${describeError(error).message}` }
    }
  })()
  replayed.set(entry, answer)
  return answer
}

/** Returns the causes that the plan of an entry shows. Runs the plan again while it does not show what the entry says. */
async function findCauses(
  rule: Invariant | Comparison,
  { plan, causes: said = [] }: KnownViolation,
  run: RunPlan,
): Promise<string[]> {
  const shown = new Set<string>()
  for (let replay = 0; replay < REPLAYS; replay++) {
    for (const { cause } of await findViolations(rule, plan, run)) shown.add(cause)
    if (shown.size > 0 && said.every((cause) => shown.has(cause))) break
  }
  return [...shown]
}

function quoteAll(causes: readonly string[]): string {
  return causes.map((cause) => `"${cause}"`).join(', ')
}
