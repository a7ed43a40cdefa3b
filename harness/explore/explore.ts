import { describeError } from '../contract/error-shape.ts'
import type { History } from '../contract/events.ts'
import { AdapterFault } from '../contract/runtime.ts'
import type { Comparison, Invariant, Promised, Violation } from '../invariants/types.ts'
import type { Plan } from '../plan/types.ts'
import { type Breaking, shrink } from './shrink.ts'
import { underOneAnswer } from './verdict.ts'

/** Runs one plan on the runtime under test. */
export type RunPlan = (plan: Plan) => Promise<Ran>

export interface Ran {
  history: History
  /** The process did not survive the plan, so that it cannot be run again here. */
  lost?: true
  /** Tells the watchdog that the harness is still judging this history. */
  sign?: () => void
}

/** What exploring found for one invariant or comparison. */
export interface Explored {
  promised: Promised
  /** How many plans were run before it was broken, or in all. */
  plans: number
  found?: Breaking & { flaky: boolean }
  /** Why nothing can be said: the adapter or the harness failed. */
  fault?: string
  /** Why the plans were not all run. */
  notReached?: string
}

/** The rest of the plans is not to be run; the message is the reason. */
export class NotReached extends Error {}

export interface ExploreSetup {
  invariants: readonly Invariant[]
  comparisons: readonly Comparison[]
  plans: Iterable<Plan>
  run: RunPlan
  /** Each plan is compared with its other forms, not a sample of them. */
  comparesAll?: boolean
  /** The id of the one promise that is explored for: when it is broken nothing is left to find. Absent: all of them. */
  until?: string
  /** Asked before each plan: whether to stop here. */
  enough?: () => boolean
  /** Plans that break something are told as they are: not made smaller, not run again. */
  asTheyAre?: boolean
}

/** A comparison runs a plan several times over, so that a sample is each so-many-th plan. */
const SAMPLE = 8

/** Events of a history from which on judging it takes so long that it is told. */
const LONG = 10_000

/** So often is the smallest plan run again, alone: what never comes back is flaky. */
const REPLAYS = 3

/**
 * Runs each plan once and checks every promise on its history. The first plan that breaks a promise is made as small as
 * it can be while it still breaks that one; the exploring goes on for the others, and for those that are broken only under
 * one of the answers that the real service may give.
 */
export async function explore(setup: ExploreSetup): Promise<Explored[]> {
  const { plans, run, until, enough = () => false, asTheyAre = false, comparesAll = false } = setup
  const single = setup.invariants.map(ofInvariant)
  const several = setup.comparisons.map(ofComparison)
  const promises = [...single, ...several]
  const found = new Map<string, Explored>()
  let count = 0
  let survived = 0
  let ended: Pick<Explored, 'fault' | 'notReached'> = {}
  /** Checks one plan that was run for whatever is not broken yet. */
  async function check(plan: Plan, ran: Ran, promises: readonly Checked[], runs: RunPlan): Promise<void> {
    for (const promise of promises) {
      const before = found.get(promise.promised.id)?.found
      if (before !== undefined && !underOneAnswer(before.plan)) continue
      if (ran.history.length >= LONG) ran.sign?.()
      const violations = await promise.check(plan, ran.history, runs)
      if (violations.length === 0) continue
      const start =
        before !== undefined && underOneAnswer(plan)
          ? await breaking(promise, underNoAnswer(plan), run)
          : { plan, violations, history: ran.history }
      if (start === undefined) continue
      const asItIs = ran.lost || asTheyAre
      const small = asItIs ? { ...start, flaky: false } : await smallest(promise, start, run)
      found.set(promise.promised.id, { promised: promise.promised, plans: count, found: small })
    }
  }
  try {
    for (const plan of plans) {
      const broken = [...found].filter(([, one]) => settled(one)).map(([id]) => id)
      if (until === undefined ? broken.length === promises.length : broken.includes(until)) break
      if (enough()) break
      const ran = await run(plan)
      count++
      await check(plan, ran, single, run)
      if (ran.lost) continue
      survived++
      const isSampled = (count - 1) % SAMPLE === 0
      const due = several.filter(({ sampled }) => isSampled || (comparesAll && !sampled))
      // The forms of a plan that are compared with it have histories of their own, which must hold as well.
      const forms = new Map<string, [Plan, Ran]>()
      await check(plan, ran, due, async (form) => {
        const text = JSON.stringify(form)
        const [, before] = forms.get(text) ?? []
        if (before !== undefined) return before
        const beside = await run(form)
        forms.set(text, [form, beside])
        return beside
      })
      // What is told as it is speaks of the plan alone.
      if (!asTheyAre) for (const [form, beside] of forms.values()) await check(form, beside, single, run)
    }
  } catch (error) {
    ended = error instanceof NotReached ? { notReached: error.message } : { fault: faultOf(error) }
  }
  // A plan that its process did not survive shows what broke, and nothing that holds.
  if (count > 0 && survived === 0)
    ended = {
      notReached: `its process did not survive ${count === 1 ? 'the only plan' : `any of ${count} plans`}`,
      ...ended,
    }
  return promises.map(({ promised }) => found.get(promised.id) ?? { promised, plans: count, ...ended })
}

/** What was found stands whatever the real service does where nothing is known of it. */
function settled({ found }: Explored): boolean {
  return found !== undefined && !underOneAnswer(found.plan)
}

/** A plan, where it breaks a promise when it is run; undefined: it holds, or what became of it cannot be said. */
async function breaking(promise: Checked, plan: Plan, run: RunPlan): Promise<Breaking | undefined> {
  const { history, lost } = await run(plan)
  if (lost) return undefined
  const violations = await promise.check(plan, history, run)
  return violations.length === 0 ? undefined : { plan, violations, history }
}

/** The plan where the service behaves as it is thought to. */
function underNoAnswer({ service: _, ...plan }: Plan): Plan {
  return plan
}

/** Whether a plan breaks a promise when it is run alone. Throws where it cannot be run. */
export async function breaks(
  promised: Invariant | Comparison,
  plan: Plan,
  run: RunPlan,
): Promise<Violation[]> {
  const promise = 'check' in promised ? ofInvariant(promised) : ofComparison(promised)
  return promise.check(plan, (await run(plan)).history, run)
}

/** A promise, checked on a plan that was run. */
interface Checked {
  promised: Promised
  /** A sample of the plans is asked, however many are compared. */
  sampled?: boolean
  check(plan: Plan, history: History, run: RunPlan): Promise<Violation[]>
}

function ofInvariant(invariant: Invariant): Checked {
  return { promised: invariant, check: async (_, history) => invariant.check(history) }
}

function ofComparison(comparison: Comparison): Checked {
  return {
    promised: comparison,
    sampled: comparison.sampled ?? false,
    async check(plan, history, run) {
      const variants = comparison.variants(plan)
      if (variants.length === 0 || wasLeft(history)) return []
      const others: History[] = []
      for (const variant of variants) {
        const { history, lost } = await run(variant)
        // What does not survive is another promise's matter.
        if (lost || wasLeft(history)) return []
        others.push(history)
      }
      return comparison.compare(history, others)
    },
  }
}

/** Whether the runtime ended its process: the history ends there, wherever that was. */
function wasLeft(history: History): boolean {
  return history.some((event) => event.kind === 'noise' && event.what === 'exit')
}

async function smallest(
  promise: Checked,
  start: Breaking,
  run: RunPlan,
): Promise<Breaking & { flaky: boolean }> {
  const small = await shrink(start, (plan) => breaking(promise, plan, run))
  for (let replay = 0; replay < REPLAYS; replay++) {
    const again = await breaking(promise, small.plan, run)
    if (again) return { ...again, flaky: false }
  }
  return { ...small, flaky: true }
}

function faultOf(error: unknown): string {
  const { name, message } = describeError(error)
  return error instanceof AdapterFault ? `the adapter: ${message}` : `${name}: ${message}`
}
