import { describeTransport, type TransportName } from '../../mocks/transports.ts'
import { describeError } from '../contract/error-shape.ts'
import type { Runtime } from '../contract/runtime.ts'
import { buildTimeline } from '../history/timeline.ts'
import type { Comparison, Invariant, Promised } from '../invariants/types.ts'
import { hasExpired, type Known, speaksOf } from '../known/baseline.ts'
import type { Plan } from '../plan/types.ts'
import { breaks, type Explored, explore, type RunPlan } from './explore.ts'
import { endsOf, type Finding, type Verdict, verdictOf } from './verdict.ts'

/** One row of the table: plans that are put to a runtime under one name. */
export interface Case {
  /** The scenario, or one of its parts: `recordings/<id>`. */
  scenario: string
  plans: Iterable<Plan>
  /** Each plan is compared with its other forms, not a sample of them. */
  comparesAll?: boolean
  /** Why there are none for this runtime. */
  inapplicable?: string
}

export interface JudgeSetup {
  invariants: readonly Invariant[]
  comparisons: readonly Comparison[]
  known: readonly Known[]
  /** What was said of an entry already. */
  asked: Map<Known, Promise<string | undefined>>
  transport: TransportName
  run: RunPlan
  /** Runs the kept plans of what is known. */
  runKnown: RunPlan
  until?: string
  enough?: () => boolean
  asTheyAre?: boolean
  /** As `2026-11-20`. */
  today: string
}

/** What is said of one case on one runtime. */
export interface Judged {
  verdicts: Verdict[]
  stale: Stale[]
}

/** An entry of a baseline that no longer stands, which fails a run. */
export interface Stale {
  runtime: string
  scenario: string
  invariant: string
  plan: string
  reason: string
}

/** Replays what is known of the case, explores its plans, and says of each promise what was found. */
export async function judge(runtime: Runtime, one: Case, setup: JudgeSetup): Promise<Judged> {
  const { scenario } = one
  const applies = ({ needs }: Promised) => needs.every((need) => runtime.supports.has(need))
  const promised = [...setup.invariants, ...setup.comparisons]
  const { stale, standing } = await replayKnown(runtime, one, setup)
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
  const verdicts = promised.map((promise) => {
    const found = explored.find((each) => each.promised.id === promise.id)
    const finding = found
      ? findingOf(found, runtime, scenario, setup.transport)
      : inapplicable(runtime, one, promise)
    const subject = { runtime: runtime.name, version: runtime.version, scenario, mode: 'on' }
    return verdictOf(subject, promise, finding, standing.get(promise.id)?.reason)
  })
  return { verdicts, stale }
}

function inapplicable(runtime: Runtime, { inapplicable }: Case, { needs }: Promised): Finding {
  const lacking = needs.filter((need) => !runtime.supports.has(need))
  const reason = inapplicable ?? describeLacking(runtime.name, lacking)
  return { verdict: 'not-applicable', plans: 0, reason }
}

/** Says which capabilities an adapter lacks. The text follows "because". */
export function describeLacking(name: string, lacking: readonly string[]): string {
  return `the adapter of ${name} does not declare ${lacking.map((one) => `\`${one}\``).join(', ')}`
}

function findingOf(
  { promised, plans, found, fault, notReached }: Explored,
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
  // Where a runtime is ours to the last promise, a history that differs is the harness's doing. Over http time is real.
  if (
    runtime.deterministic &&
    describeTransport(transport).time === 'held' &&
    promised.id === 'same-plan-same-history'
  )
    return { verdict: 'harness-error', plans, reason: violations[0]?.message ?? 'two histories differ' }
  const { name, version } = runtime
  const where = { runtime: name, version, scenario, invariant: promised.id, transport }
  const timeline = buildTimeline(
    history,
    violations.map(({ at }) => at),
  )
  const told = { ...where, violations, ends: endsOf(history), timeline, plan }
  return { verdict: flaky ? 'flaky' : 'violated', plans, counterexample: { schema: 1, ...told } }
}

/** Runs the kept plans of a case again: its entries stand if they still violate, and are stale if not. */
async function replayKnown(
  { name }: Runtime,
  { scenario }: Case,
  setup: JudgeSetup,
): Promise<{ stale: Stale[]; standing: Map<string, Known> }> {
  const stale: Stale[] = []
  const standing = new Map<string, Known>()
  const promised = [...setup.invariants, ...setup.comparisons]
  for (const entry of setup.known) {
    const promise = promised.find(({ id }) => id === entry.invariant)
    if (promise === undefined || !speaksOf(entry, scenario)) continue
    const { scenario: of, invariant, file: plan } = entry
    const reason = await whyStale(entry, promise, setup)
    if (reason === undefined) standing.set(invariant, entry)
    else stale.push({ runtime: name, scenario: of, invariant, plan, reason })
  }
  return { stale, standing }
}

/** Asked once of each entry: one of a whole scenario speaks of many cases. */
function whyStale(
  entry: Known,
  promise: Invariant | Comparison,
  { asked, today, runKnown }: JudgeSetup,
): Promise<string | undefined> {
  const before = asked.get(entry)
  if (before) return before
  const answer = (async () => {
    if (hasExpired(entry, today)) return `it expired on ${entry.expires}`
    try {
      return (await breaks(promise, entry.plan, runKnown)).length > 0
        ? undefined
        : 'its plan no longer violates'
    } catch (error) {
      return `its plan cannot be run: ${describeError(error).message}`
    }
  })()
  asked.set(entry, answer)
  return answer
}
