import { describeError } from '../contract/error-shape.ts'
import type { History } from '../contract/events.ts'
import { AdapterFault } from '../contract/runtime.ts'
import type { Comparison, Invariant, Promised, Violation } from '../invariants/types.ts'
import type { Plan } from '../plan/types.ts'
import { type Breach, shrinkPlan } from './shrink.ts'
import { hasServiceOptions } from './verdict.ts'

/** Runs one plan on the runtime under test. */
export type RunPlan = (plan: Plan) => Promise<PlanRun>

export interface PlanRun {
  history: History
  /** Set if the process did not survive the plan. The plan cannot run again in this process. */
  lost?: true
  /** Tells the watchdog that the harness still checks this history. */
  sign?: () => void
}

/** The result of `explore` for one invariant or comparison. */
export interface ExploreResult {
  rule: Promised
  /** The number of plans that ran until one broke the rule, or in all. */
  plans: number
  found?: Breach & { flaky: boolean }
  /** The failure of the adapter or the harness that ended the exploration. */
  fault?: string
  /** Why some plans did not run. */
  notReached?: string
}

/** Thrown by `run` to end the exploration. The message is the reason. */
export class NotReachedError extends Error {}

export interface ExploreSetup {
  invariants: readonly Invariant[]
  comparisons: readonly Comparison[]
  plans: Iterable<Plan>
  run: RunPlan
  /** Whether comparisons run on every plan. By default they run on each eighth. */
  comparesAll?: boolean
  /** The id of a rule. The exploration ends when a plan breaks it. By default it ends when all rules are broken. */
  until?: string
  /** Called before each plan. Returns whether to end the exploration. */
  shouldStop?: () => boolean
  /** Whether plans that break a rule are reported as they are. They are not shrunk and not run again. */
  skipsShrinking?: boolean
}

/** Comparisons run on each eighth plan, because they run a plan several times. */
const SAMPLE = 8

/** From this number of events on, checking a history takes so long that the watchdog is told. */
const LONG = 10_000

/** The number of replays of the smallest plan. If none breaks the rule, the violation is flaky. */
const REPLAYS = 3

/**
 * Runs each plan once, checks every rule on its history, and returns one result for each rule. Shrinks the first plan that
 * breaks a rule to the smallest plan that still breaks it, then goes on with the other rules. Also goes on with a rule that
 * is broken only under a plan's service options, because a plan without service options may break it, too.
 */
export async function explore(setup: ExploreSetup): Promise<ExploreResult[]> {
  const { plans, run, until, shouldStop = () => false, skipsShrinking = false, comparesAll = false } = setup
  const invariantChecks = setup.invariants.map(createInvariantCheck)
  const comparisonChecks = setup.comparisons.map(createComparisonCheck)
  const checks = [...invariantChecks, ...comparisonChecks]
  const found = new Map<string, ExploreResult>()
  let count = 0
  let survived = 0
  let ended: Pick<ExploreResult, 'fault' | 'notReached'> = {}
  /** Checks the rules that are not broken yet on a plan that has run. */
  async function check(plan: Plan, ran: PlanRun, due: readonly RuleCheck[], runs: RunPlan): Promise<void> {
    for (const one of due) {
      const before = found.get(one.rule.id)?.found
      if (before !== undefined && !hasServiceOptions(before.plan)) continue
      if (ran.history.length >= LONG) ran.sign?.()
      const violations = await one.check(plan, ran.history, runs)
      if (violations.length === 0) continue
      const start =
        before !== undefined && hasServiceOptions(plan)
          ? await findBreach(one, removeServiceOptions(plan), run)
          : { plan, violations, history: ran.history }
      if (start === undefined) continue
      const staysAsFound = ran.lost || skipsShrinking
      const small = staysAsFound ? { ...start, flaky: false } : await shrinkAndReplay(one, start, run)
      found.set(one.rule.id, { rule: one.rule, plans: count, found: small })
    }
  }
  try {
    for (const plan of plans) {
      const broken = [...found].filter(([, one]) => isSettled(one)).map(([id]) => id)
      if (until === undefined ? broken.length === checks.length : broken.includes(until)) break
      if (shouldStop()) break
      const ran = await run(plan)
      count++
      await check(plan, ran, invariantChecks, run)
      if (ran.lost) continue
      survived++
      const isSampled = (count - 1) % SAMPLE === 0
      const due = comparisonChecks.filter(({ sampled }) => isSampled || (comparesAll && !sampled))
      // The variants of a plan are plans as well, so the invariants are checked on their histories, too.
      const forms = new Map<string, [Plan, PlanRun]>()
      await check(plan, ran, due, async (form) => {
        const text = JSON.stringify(form)
        const [, before] = forms.get(text) ?? []
        if (before !== undefined) return before
        const beside = await run(form)
        forms.set(text, [form, beside])
        return beside
      })
      // Without shrinking, a violation must come from the plan itself, so the variants are not checked.
      if (!skipsShrinking)
        for (const [form, beside] of forms.values()) await check(form, beside, invariantChecks, run)
    }
  } catch (error) {
    ended = error instanceof NotReachedError ? { notReached: error.message } : { fault: describeFault(error) }
  }
  // If no plan ran to its end, no rule can be said to hold.
  if (count > 0 && survived === 0)
    ended = {
      notReached: `its process did not survive ${count === 1 ? 'the only plan' : `any of ${count} plans`}`,
      ...ended,
    }
  return checks.map(({ rule }) => found.get(rule.id) ?? { rule, plans: count, ...ended })
}

/** Returns whether a rule is broken by a plan without service options, which holds whatever the real service does. */
function isSettled({ found }: ExploreResult): boolean {
  return found !== undefined && !hasServiceOptions(found.plan)
}

/** Runs a plan. Returns how it breaks the rule, or undefined if it does not or if the process did not survive. */
async function findBreach(rule: RuleCheck, plan: Plan, run: RunPlan): Promise<Breach | undefined> {
  const { history, lost } = await run(plan)
  if (lost) return undefined
  const violations = await rule.check(plan, history, run)
  return violations.length === 0 ? undefined : { plan, violations, history }
}

/** Returns the plan for a service that behaves by default. */
function removeServiceOptions({ service: _, ...plan }: Plan): Plan {
  return plan
}

/** Runs a plan and returns where it breaks the rule. Throws if the plan cannot be run. */
export async function findViolations(
  rule: Invariant | Comparison,
  plan: Plan,
  run: RunPlan,
): Promise<Violation[]> {
  const check = 'check' in rule ? createInvariantCheck(rule) : createComparisonCheck(rule)
  return check.check(plan, (await run(plan)).history, run)
}

/** An invariant or a comparison, checked on a plan that has run. */
interface RuleCheck {
  rule: Promised
  /** Whether the rule is checked only on each eighth plan, even with `comparesAll`. */
  sampled?: boolean
  check(plan: Plan, history: History, run: RunPlan): Promise<Violation[]>
}

function createInvariantCheck(invariant: Invariant): RuleCheck {
  return { rule: invariant, check: async (plan, history) => invariant.check(history, plan) }
}

function createComparisonCheck(comparison: Comparison): RuleCheck {
  return {
    rule: comparison,
    sampled: comparison.sampled ?? false,
    async check(plan, history, run) {
      const variants = comparison.variants(plan)
      if (variants.length === 0 || hasExited(history)) return []
      const others: History[] = []
      for (const variant of variants) {
        const { history, lost } = await run(variant)
        // Other rules check that the process survives.
        if (lost || hasExited(history)) return []
        others.push(history)
      }
      return comparison.compare(history, others, plan)
    },
  }
}

/** Returns whether the runtime ended its process, so that the history is cut. */
function hasExited(history: History): boolean {
  return history.some((event) => event.kind === 'noise' && event.what === 'exit')
}

async function shrinkAndReplay(
  rule: RuleCheck,
  start: Breach,
  run: RunPlan,
): Promise<Breach & { flaky: boolean }> {
  const small = await shrinkPlan(start, (plan) => findBreach(rule, plan, run))
  for (let replay = 0; replay < REPLAYS; replay++) {
    const again = await findBreach(rule, small.plan, run)
    if (again) return { ...again, flaky: false }
  }
  return { ...small, flaky: true }
}

function describeFault(error: unknown): string {
  const { name, message } = describeError(error)
  return error instanceof AdapterFault ? `the adapter: ${message}` : `${name}: ${message}`
}
