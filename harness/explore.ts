import fc from 'fast-check'
import type { TransportName } from '../mocks/transports.ts'
import { execute } from './execute/execute.ts'
import type { History } from './history/events.ts'
import type { Invariant, Violation } from './invariants/types.ts'
import { smaller } from './plan/smaller.ts'
import type { Plan } from './plan/types.ts'
import type { Runtime } from './runtime.ts'

/** The smallest plan found that breaks an invariant, its history and what breaks there. */
export interface Counterexample {
  plan: Plan
  history: History
  violations: Violation[]
}

/** What exploring found for one invariant. */
export interface Explored {
  invariant: string
  /** How many drawn plans were run before it was broken, or in all. */
  plans: number
  counterexample?: Counterexample
}

export interface ExploreSetup {
  plans: fc.Arbitrary<Plan>
  /** How many plans are drawn. */
  runs: number
  /** Fixes which plans are drawn; one seed, one result. */
  seed: number
  transport: TransportName
}

/**
 * Draws plans, runs each once and checks every invariant on its history. The first plan that breaks an invariant is made
 * as small as it can be while it still breaks that one; the drawing goes on for the others.
 */
export async function explore(
  runtime: Runtime,
  invariants: readonly Invariant[],
  { plans, runs, seed, transport }: ExploreSetup,
): Promise<Explored[]> {
  const found = new Map<string, Explored>()
  const applicable = invariants.filter(({ needs }) => needs.every((need) => runtime.supports.has(need)))
  const drawn = fc.sample(plans, { numRuns: runs, seed })
  for (const [index, plan] of drawn.entries()) {
    const open = applicable.filter(({ id }) => !found.has(id))
    if (open.length === 0) break
    const history = await execute(runtime, plan, { transport })
    for (const invariant of open) {
      const violations = invariant.check(history)
      if (violations.length === 0) continue
      const counterexample = await shrink(runtime, invariant, { plan, history, violations }, transport)
      found.set(invariant.id, { invariant: invariant.id, plans: index + 1, counterexample })
    }
  }
  return applicable.map(({ id }) => found.get(id) ?? { invariant: id, plans: drawn.length })
}

/** Applies `smaller` until no smaller plan breaks the invariant any more. */
async function shrink(
  runtime: Runtime,
  invariant: Invariant,
  start: Counterexample,
  transport: TransportName,
): Promise<Counterexample> {
  let smallest = start
  for (;;) {
    const next = await firstBreaking(runtime, invariant, smaller(smallest.plan), transport)
    if (next === undefined) return smallest
    smallest = next
  }
}

async function firstBreaking(
  runtime: Runtime,
  invariant: Invariant,
  candidates: Iterable<Plan>,
  transport: TransportName,
): Promise<Counterexample | undefined> {
  for (const plan of candidates) {
    const history = await execute(runtime, plan, { transport })
    const violations = invariant.check(history)
    if (violations.length > 0) return { plan, history, violations }
  }
  return undefined
}
