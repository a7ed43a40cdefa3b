import type { Runtime } from '../harness/contract/runtime.ts'
import { execute } from '../harness/execute/execute.ts'
import { explore } from '../harness/explore/explore.ts'
import { comparisons, invariants } from '../harness/invariants/index.ts'
import type { Promised } from '../harness/invariants/types.ts'
import { guardNetwork, type TrafficWatch } from '../harness/observe/egress/outside.ts'
import { exposeGarbageCollection } from '../harness/observe/garbage.ts'
import { arbitraryPlans } from '../harness/plan/arbitraries/plan.ts'
import { drawPlans, takeFirst } from '../harness/plan/drawn.ts'
import type { Plan } from '../harness/plan/types.ts'
import { prepareResponses, runFloor, runServed } from './floor.ts'

/** Plan executions per second, with full exploration and with less work. */
export interface PlanBench {
  /** Full exploration. */
  explored: number
  /** The runtime with prepared responses. */
  floor: number
  /** The runtime with the simulated service, without gates, history and checks. */
  served: number
  /** `explored` divided by `floor`, in the median round. */
  ratio: number
}

/**
 * Returns plans as a scenario generates them. All are streamed and without faults, so that the floor can run them as well.
 */
const generatePlans = (runtime: Runtime) =>
  arbitraryPlans({ supports: selectCapabilities(runtime), stream: 'always', wire: false })

function selectCapabilities({ supports }: Runtime) {
  return new Set([...supports].filter((capability) => capability !== 'agent-tool'))
}

/**
 * Measures the three rates in turns, so that a slow phase of the machine affects all of them. The first round is a warm-up.
 */
export async function benchPlans(
  runtime: Runtime,
  setup: { rounds: number; plans: number },
): Promise<PlanBench> {
  const sequence = () => takeFirst(setup.plans, drawPlans(generatePlans(runtime), 1, 'bench'))
  const floors = await prepareResponses(runtime, [...sequence()])
  const rounds: PlanBench[] = []
  for (let round = 0; round <= setup.rounds; round++) {
    const floor = await measureRate(async () => {
      for (const one of floors) await runFloor(runtime, one)
      return floors.length
    })
    const served = await measureRate(async () => {
      for (const { plan } of floors) await runServed(runtime, plan)
      return floors.length
    })
    const explored = await measureRate(() => exploreAll(runtime, sequence()))
    if (round > 0) rounds.push({ explored, floor, served, ratio: explored / floor })
  }
  rounds.sort((a, b) => a.ratio - b.ratio)
  return rounds[rounds.length >> 1] as PlanBench
}

/** Returns plans with one turn, which are small enough to explore in large numbers. */
export function generateSmallPlans(runtime: Runtime, count: number): Iterable<Plan> {
  const one = { min: 1, max: 1 }
  const small = arbitraryPlans({
    supports: selectCapabilities(runtime),
    stream: 'always',
    wire: false,
    conversations: one,
    turns: one,
  })
  return takeFirst(count, drawPlans(small, 1, 'small'))
}

/**
 * Explores plans as `conform` does. Returns the number of executions; a comparison executes a plan several times. Throws if an
 * invariant is violated, because shrinking would be measured as well.
 */
export async function exploreAll(runtime: Runtime, sequence: Iterable<Plan>): Promise<number> {
  let executions = 0
  const { outside, release } = guardOnce()
  const hideGarbageCollection = exposeGarbageCollection()
  const run = async (plan: Plan) => {
    executions++
    return { history: await execute(runtime, plan, { transport: 'fetch', outside }) }
  }
  const applies = ({ needs }: Promised) => needs.every((need) => runtime.supports.has(need))
  const explored = await explore({
    invariants: invariants.filter(applies),
    comparisons: comparisons.filter(applies),
    plans: sequence,
    run,
  })
  release()
  hideGarbageCollection()
  for (const { rule, found, fault } of explored)
    if (found.length > 0 || fault !== undefined)
      throw new Error(
        `${rule.id} is violated, expected it to hold: ${fault ?? found[0]?.violations[0]?.message}`,
      )
  return executions
}

/** Guards the network of this process once for all plans, as a worker does. */
function guardOnce(): { outside: TrafficWatch; release(): void } {
  const reached: string[] = []
  const { release } = guardNetwork((destination) => reached.push(destination))
  const outside: TrafficWatch = {
    atLoad: [],
    loaded() {},
    during: () => ({ release() {} }),
    take: () => reached.splice(0),
    unwatched: () => [],
  }
  return { outside, release }
}

async function measureRate(work: () => Promise<number>): Promise<number> {
  const begun = performance.now()
  const count = await work()
  return (count * 1000) / (performance.now() - begun)
}
