import { describeError } from '../contract/error-shape.ts'
import { AdapterFault } from '../contract/runtime.ts'
import type { Comparison, Invariant, Promised } from '../invariants/types.ts'
import type { Plan } from '../plan/types.ts'
import { createComparisonCheck, createInvariantCheck, findBreach, type RuleCheck } from './rule-check.ts'
import { NotReachedError, type PlanRun, type RunPlan } from './run-plan.ts'
import { type Breach, shrinkPlan } from './shrink.ts'
import { hasServiceOptions } from './verdict.ts'

/** The result of `explore` for one invariant or comparison. */
export interface ExploreResult {
  rule: Promised
  /** The number of plans that ran. */
  plans: number
  /** How often the premise of the rule occurred, in all plans and variants together. */
  witnesses: number
  /** The violations by cause, in the order in which they were found. */
  found: Found[]
  /** Set if further causes were seen and left out, because `MOST_CAUSES` had been found. */
  hasMoreCauses?: true
  /** The failure of the adapter or the harness that ended the exploration. */
  fault?: string
  /** Why some plans did not run. */
  notReached?: string
}

/** A plan that breaks a rule with one cause. All its violations have this cause. */
export interface Found extends Breach {
  cause: string
  /** The number of plans that ran until one broke the rule with this cause. */
  plans: number
  /** The number of plans that broke the rule with this cause. */
  times: number
  flaky: boolean
  /** Whether `isExpected` says so of this cause. */
  expected: boolean
}

/** The violation that an exploration looks for: the id of a rule, and a cause. */
export interface Sought {
  rule: string
  cause?: string
}

export interface ExploreSetup {
  invariants: readonly Invariant[]
  comparisons: readonly Comparison[]
  plans: Iterable<Plan>
  run: RunPlan
  /** Whether comparisons run on every plan. By default they run on each eighth. */
  comparesAll?: boolean
  /** Comparisons run on each plan with an index that is a multiple of this number. Absent: 8. */
  comparesEach?: number
  /**
   * The exploration ends when a plan breaks this rule with this cause, or with any if none is named. Other causes of the rule
   * are not searched for. By default the exploration ends only when no cause is left to be found.
   */
  until?: Sought
  /** Called before each plan. Returns whether to end the exploration. */
  shouldStop?: () => boolean
  /** Whether plans that break a rule are reported as they are. They are not shrunk and not run again. */
  skipsShrinking?: boolean
  /**
   * Returns whether a violation of a rule with a cause is expected. It is reported as it is: its plan is not shrunk and not run
   * again, and it does not count for `MOST_CAUSES`. By default no violation is expected.
   */
  isExpected?: (rule: string, cause: string) => boolean
  /** Returns whether a plan needs no further shrinking. By default every plan is shrunk as far as possible. */
  isSmallEnough?: (plan: Plan) => boolean
}

/** By default, comparisons run on each eighth plan, because they run a plan several times. */
export const SAMPLE = 8

/** From this number of events on, checking a history takes so long that the watchdog is told. */
const LONG = 10_000

/** The number of replays of the smallest plan. If none breaks the rule, the violation is flaky. */
export const REPLAYS = 3

/** The number of unexpected causes of one rule that are searched for. A further cause is told, but not shrunk and not reported. */
export const MOST_CAUSES = 8

/**
 * Runs each plan once, checks every rule on its history, and returns one result for each rule. The first plan that breaks a
 * rule with a cause is shrunk to the smallest plan that still breaks it with this cause. Then the search goes on for the other
 * rules and causes. Also goes on with a cause that was found only under a plan's service options, because a plan without
 * service options may show it, too.
 */
export async function explore(setup: ExploreSetup): Promise<ExploreResult[]> {
  const { plans, run, until, shouldStop = () => false, skipsShrinking = false, comparesAll = false } = setup
  const { comparesEach = SAMPLE, isExpected = () => false } = setup
  const invariantChecks = setup.invariants.map(createInvariantCheck)
  const comparisonChecks = setup.comparisons.map(createComparisonCheck)
  const searches = new Map([...invariantChecks, ...comparisonChecks].map((one) => [one, createSearch()]))
  let count = 0
  let survived = 0
  let ended: Pick<ExploreResult, 'fault' | 'notReached'> = {}
  /** Checks rules on a plan that has run, and adds what is new to their searches. */
  async function check(plan: Plan, ran: PlanRun, due: readonly RuleCheck[], runs: RunPlan): Promise<void> {
    for (const one of due) {
      const search = searches.get(one) as Search
      if (ran.history.length >= LONG) ran.sign?.()
      const { violations, witnesses } = await one.check(plan, ran.history, runs)
      if (!ran.lost) search.witnesses += witnesses
      for (const [cause, ofCause] of Map.groupBy(violations, (violation) => violation.cause)) {
        if (!isSought(one.rule, cause, until)) continue
        const expected = isExpected(one.rule.id, cause)
        if (search.found.has(cause) || expected || !isFull(search))
          search.shownBy.set(cause, (search.shownBy.get(cause) ?? new Set()).add(count))
        const start = await chooseStart(
          one,
          search,
          cause,
          { plan, violations: ofCause, history: ran.history },
          run,
          expected,
        )
        if (start === undefined) continue
        const staysAsFound = ran.lost || skipsShrinking || expected
        const small = staysAsFound
          ? { ...start, flaky: false }
          : await shrinkAndReplay(one, start, run, cause, setup.isSmallEnough)
        search.found.set(cause, { ...small, cause, plans: count, times: 1, expected })
      }
    }
  }
  try {
    for (const plan of plans) {
      if (isOver(searches, until)) break
      if (shouldStop()) break
      const ran = await run(plan)
      count++
      await check(plan, ran, invariantChecks, run)
      if (ran.lost) continue
      survived++
      const isSampled = (count - 1) % comparesEach === 0
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
  return [...searches].map(([{ rule }, { found, shownBy, witnesses, hasMoreCauses }]) => ({
    rule,
    plans: count,
    witnesses,
    found: [...found.values()].map((one) => ({ ...one, times: shownBy.get(one.cause)?.size ?? 1 })),
    ...(hasMoreCauses ? { hasMoreCauses } : {}),
    ...ended,
  }))
}

/** What was found out about one rule so far. */
interface Search {
  /** By cause. */
  found: Map<string, Found>
  /** The numbers of the plans that showed a cause. */
  shownBy: Map<string, Set<number>>
  witnesses: number
  hasMoreCauses: boolean
}

function createSearch(): Search {
  return { found: new Map(), shownBy: new Map(), witnesses: 0, hasMoreCauses: false }
}

/** Returns whether nothing is left to be found: the rule `until` is broken, or every rule with as many causes as are kept. */
function isOver(searches: ReadonlyMap<RuleCheck, Search>, until: Sought | undefined): boolean {
  const isDone = (search: Search) =>
    until === undefined
      ? isFull(search) && [...search.found.values()].every(isSettled)
      : [...search.found.values()].some(isSettled)
  return [...searches].every(
    ([{ rule }, search]) => (until !== undefined && rule.id !== until.rule) || isDone(search),
  )
}

/** Returns whether a rule has as many unexpected causes as are searched for. */
function isFull({ found }: Search): boolean {
  return [...found.values()].filter(({ expected }) => !expected).length >= MOST_CAUSES
}

/** Returns whether a cause of a rule is to be searched for. */
function isSought({ id }: Promised, cause: string, until: Sought | undefined): boolean {
  return until?.cause === undefined || id !== until.rule || cause === until.cause
}

/**
 * Returns whether a cause needs no further search: it is expected, or it was found with a plan without service options, which
 * holds whatever the real service does.
 */
function isSettled({ plan, expected }: Found): boolean {
  return expected || !hasServiceOptions(plan)
}

/**
 * Returns the plan from which to search for the smallest plan with a cause. Returns undefined if the cause needs no search: it
 * was found before, or too many others were.
 */
async function chooseStart(
  rule: RuleCheck,
  search: Search,
  cause: string,
  breach: Breach,
  run: RunPlan,
  expected: boolean,
): Promise<Breach | undefined> {
  const before = search.found.get(cause)
  if (before !== undefined) {
    if (isSettled(before)) return undefined
    return hasServiceOptions(breach.plan)
      ? findBreach(rule, removeServiceOptions(breach.plan), run, cause)
      : breach
  }
  if (expected || !isFull(search)) return breach
  search.hasMoreCauses = true
  return undefined
}

/** Returns the plan for a service that behaves by default. */
function removeServiceOptions({ service: _, ...plan }: Plan): Plan {
  return plan
}

async function shrinkAndReplay(
  rule: RuleCheck,
  start: Breach,
  run: RunPlan,
  cause: string,
  isSmallEnough: ExploreSetup['isSmallEnough'],
): Promise<Breach & { flaky: boolean }> {
  const small = await shrinkPlan(start, (plan) => findBreach(rule, plan, run, cause), isSmallEnough)
  for (let replay = 0; replay < REPLAYS; replay++) {
    const again = await findBreach(rule, small.plan, run, cause)
    if (again) return { ...again, flaky: false }
  }
  return { ...small, flaky: true }
}

function describeFault(error: unknown): string {
  const { name, message } = describeError(error)
  return error instanceof AdapterFault ? `the adapter: ${message}` : `${name}: ${message}`
}
