import type { Runtime } from '../harness/contract/runtime.ts'
import { execute } from '../harness/execute/execute.ts'
import { explore } from '../harness/explore/explore.ts'
import { comparisons, invariants } from '../harness/invariants/index.ts'
import type { Promised } from '../harness/invariants/types.ts'
import { plans } from '../harness/plan/arbitraries/plan.ts'
import { drawn, first } from '../harness/plan/drawn.ts'
import type { Plan } from '../harness/plan/types.ts'
import { composed, runFloor, runServed } from './floor.ts'

/** Plan executions a second, by exploring and by its floor, and how the two compare round by round. */
export interface PlanBench {
  explored: number
  floor: number
  /** The same conversations with the service in the place of the bytes: what no gate, history or check has a part in. */
  served: number
  /** The median round's exploration by its floor: 1 is as fast. */
  ratio: number
}

/** What is explored: conversations as a scenario draws them, all of them streamed and none spoiled, so that the floor can have them. */
const benched = (runtime: Runtime) => plans({ supports: supported(runtime), stream: 'always', wire: false })

function supported({ supports }: Runtime) {
  return new Set([...supports].filter((capability) => capability !== 'agent-tool'))
}

/** Measures in turns, so that a machine that is slow for a while is slow for both. The first round warms up. */
export async function benchPlans(
  runtime: Runtime,
  setup: { rounds: number; plans: number },
): Promise<PlanBench> {
  const sequence = () => first(setup.plans, drawn(benched(runtime), 1, 'bench'))
  const floors = await composed(runtime, [...sequence()])
  const rounds: PlanBench[] = []
  for (let round = 0; round <= setup.rounds; round++) {
    const floor = await rate(async () => {
      for (const one of floors) await runFloor(runtime, one)
      return floors.length
    })
    const served = await rate(async () => {
      for (const { plan } of floors) await runServed(runtime, plan)
      return floors.length
    })
    const explored = await rate(() => exploreAll(runtime, sequence()))
    if (round > 0) rounds.push({ explored, floor, served, ratio: explored / floor })
  }
  rounds.sort((a, b) => a.ratio - b.ratio)
  return rounds[rounds.length >> 1] as PlanBench
}

/** Plans of one turn, of which there can be many: what is explored to see how time and memory grow with their number. */
export function smallPlans(runtime: Runtime, count: number): Iterable<Plan> {
  const one = { min: 1, max: 1 }
  const small = plans({
    supports: supported(runtime),
    stream: 'always',
    wire: false,
    conversations: one,
    turns: one,
  })
  return first(count, drawn(small, 1, 'small'))
}

/**
 * Explores plans as `conform` does; gives how many executions that took, for a comparison runs a plan several times.
 * Throws where a promise is broken: then it is not exploring that was measured, but shrinking.
 */
export async function exploreAll(runtime: Runtime, sequence: Iterable<Plan>): Promise<number> {
  let executions = 0
  const run = async (plan: Plan) => {
    executions++
    return { history: await execute(runtime, plan, { transport: 'fetch' }) }
  }
  const applies = ({ needs }: Promised) => needs.every((need) => runtime.supports.has(need))
  const explored = await explore({
    invariants: invariants.filter(applies),
    comparisons: comparisons.filter(applies),
    plans: sequence,
    run,
  })
  for (const { promised, found, fault } of explored)
    if (found !== undefined || fault !== undefined)
      throw new Error(
        `${promised.id} was to hold: ${fault ?? found?.violations[0]?.message ?? 'it was broken'}`,
      )
  return executions
}

async function rate(work: () => Promise<number>): Promise<number> {
  const begun = performance.now()
  const count = await work()
  return (count * 1000) / (performance.now() - begun)
}
