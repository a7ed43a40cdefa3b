import { describeTransport, type TransportName } from '../../mocks/transports.ts'
import { describeError } from '../contract/error-shape.ts'
import type { Runtime } from '../contract/runtime.ts'
import { buildTimeline } from '../history/timeline.ts'
import type { Comparison, Invariant, Promised } from '../invariants/types.ts'
import { appliesToScenario, hasExpired, type KnownViolation } from '../known/baseline.ts'
import type { Plan } from '../plan/types.ts'
import { type ExploreResult, type ExploreSetup, explore, findViolations, type RunPlan } from './explore.ts'
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

export interface JudgeSetup extends Omit<ExploreSetup, 'plans' | 'comparesAll'> {
  known: readonly KnownViolation[]
  /** Why each entry of `known` is stale, or undefined if it is not. Filled when an entry is replayed for the first time. */
  staleReasons: Map<KnownViolation, Promise<string | undefined>>
  transport: TransportName
  /** Runs the plans of `known`. */
  runKnown: RunPlan
  /** A date like `2026-11-20`. */
  today: string
}

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

/** Replays the known violations of a case, explores its plans, and returns a verdict for each rule. */
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
        })
      : []
  const verdicts = rules.map((rule) => {
    const found = explored.find((each) => each.rule.id === rule.id)
    const finding = found
      ? buildFinding(found, runtime, scenario, setup.transport)
      : buildNotApplicable(runtime, one, rule)
    const subject = { runtime: runtime.name, version: runtime.version, scenario, mode: 'on' }
    return buildVerdict(subject, rule, finding, standing.get(rule.id)?.reason)
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

function buildFinding(
  { rule, plans, found, fault, notReached }: ExploreResult,
  runtime: Runtime,
  scenario: string,
  transport: TransportName,
): Finding {
  if (found === undefined) {
    if (fault !== undefined) return { verdict: 'harness-error', plans, reason: fault }
    if (notReached !== undefined) return { verdict: 'missing', plans, reason: notReached }
    if (plans === 0) return { verdict: 'missing', plans, reason: 'no plan was run' }
    return { verdict: 'holds', plans }
  }
  const { flaky, plan, violations, history } = found
  // A deterministic runtime gives equal histories if the clock is held, so a difference is a fault of the harness.
  if (
    runtime.deterministic &&
    describeTransport(transport).time === 'held' &&
    rule.id === 'same-plan-same-history'
  )
    return { verdict: 'harness-error', plans, reason: violations[0]?.message ?? 'two histories differ' }
  const { name, version } = runtime
  const where = { runtime: name, version, scenario, invariant: rule.id, transport }
  const timeline = buildTimeline(
    history,
    violations.map(({ at }) => at),
  )
  const told = { ...where, violations, ends: formatRunEnds(history), timeline, plan }
  return { verdict: flaky ? 'flaky' : 'violated', plans, counterexample: { schema: 1, ...told } }
}

/** Replays the entries of the baseline that apply to a case. Returns the stale ones, and the others by their rule. */
async function replayKnownViolations(
  { name }: Runtime,
  { scenario }: Case,
  setup: JudgeSetup,
): Promise<{ stale: StaleEntry[]; standing: Map<string, KnownViolation> }> {
  const stale: StaleEntry[] = []
  const standing = new Map<string, KnownViolation>()
  const rules = [...setup.invariants, ...setup.comparisons]
  for (const entry of setup.known) {
    const rule = rules.find(({ id }) => id === entry.invariant)
    if (rule === undefined || !appliesToScenario(entry, scenario)) continue
    const { scenario: of, invariant, file: plan } = entry
    const reason = await findStaleReason(entry, rule, setup)
    if (reason === undefined) standing.set(invariant, entry)
    else stale.push({ runtime: name, scenario: of, invariant, plan, reason })
  }
  return { stale, standing }
}

/** Returns why an entry is stale, or undefined. Replays each entry only once, since it can apply to many cases. */
function findStaleReason(
  entry: KnownViolation,
  rule: Invariant | Comparison,
  { staleReasons, today, runKnown }: JudgeSetup,
): Promise<string | undefined> {
  const before = staleReasons.get(entry)
  if (before) return before
  const answer = (async () => {
    if (hasExpired(entry, today)) return `it expired on ${entry.expires}`
    try {
      return (await findViolations(rule, entry.plan, runKnown)).length > 0
        ? undefined
        : 'its plan no longer violates'
    } catch (error) {
      return `its plan cannot be run: ${describeError(error).message}`
    }
  })()
  staleReasons.set(entry, answer)
  return answer
}
