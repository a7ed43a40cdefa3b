import { drawSample } from './draw-sample.ts'
import type { MutatedRuntime } from './make-mutants.ts'
import { formatKey, type Killed, type Mutant, type Tried } from './mutant.ts'
import { type Covered, type MutantTask, runMutantTask, type WorkerEnd } from './mutant-worker.ts'

export interface MutantRun {
  runtimes: readonly MutatedRuntime[]
  scenarios: string[]
  seed: number
  /** The number of mutants to draw. Absent: all. */
  sample?: number
  plans: number
  /** Called after each mutant. */
  heard(measured: MeasuredMutant, done: number, all: number): void
}

export interface MeasuredMutant {
  mutant: Mutant
  tried: Tried
}

/** A worker keeps every loaded copy of the runtime in memory, so it ends after this number of mutants. */
const MOST_PER_WORKER = 50

/** Draws a sample of mutants and tries each. Returns them in the order of the source. Throws if the harness fails. */
export async function measureMutants(run: MutantRun): Promise<MeasuredMutant[]> {
  const all = run.runtimes.flatMap(({ mutants }) => mutants)
  const sample = new Set(
    drawSample(all, run.sample ?? all.length, run.seed, (mutant) => `${mutant.runtime} ${formatKey(mutant)}`),
  )
  const measured: MeasuredMutant[] = []
  for (const runtime of run.runtimes) {
    const asked = runtime.mutants.filter((mutant) => sample.has(mutant))
    if (asked.length === 0) continue
    const task = { ...pickTask(runtime), scenarios: run.scenarios, seed: run.seed, plans: run.plans }
    const reachedBy = await measureCoverage(task)
    const byId = new Map(asked.map((mutant) => [mutant.id, mutant]))
    const hear = (tried: Tried) => {
      const one = { mutant: byId.get(tried.id) as Mutant, tried }
      run.heard(one, measured.push(one), sample.size)
    }
    await tryMutants(
      task,
      asked.map(({ id }) => ({ id, ...reachedBy(id) })),
      hear,
    )
  }
  return measured
}

function pickTask({ name, folder, sources }: MutatedRuntime) {
  return { name, folder, sources }
}

/** Returns a function that says which plans reach a mutant. It says nothing of a mutant that is reached at load. */
async function measureCoverage(task: MutantTask): Promise<(id: string) => { reachedBy?: number[] }> {
  const { results, stderr } = await runMutantTask<Covered>(task, () => {})
  const [covered] = results
  if (covered === undefined) throw new Error(`${task.name}: the coverage cannot be measured: ${stderr}`)
  if ('broken' in covered) throw new Error(`${task.name} without a mutant breaks a must: ${covered.broken}`)
  const { atLoad, byPlan } = covered.coverage
  const always = new Set(atLoad)
  const plans = new Map<string, number[]>()
  for (const [plan, ids] of Object.entries(byPlan))
    for (const id of ids) plans.set(id, [...(plans.get(id) ?? []), Number(plan)])
  return (id) => (always.has(id) ? {} : { reachedBy: (plans.get(id) ?? []).toSorted((a, b) => a - b) })
}

/**
 * Tries mutants in workers, one worker after the other. A mutant under which its worker ends is tried again in a new worker, in
 * case an earlier mutant or a busy machine caused the end. If that worker ends as well, the mutant is killed.
 */
async function tryMutants(
  task: MutantTask,
  mutants: NonNullable<MutantTask['mutants']>,
  hear: (tried: Tried) => void,
): Promise<void> {
  const done = new Set<string>()
  const suspects = new Set<string>()
  const end = (tried: Tried) => {
    if (done.has(tried.id)) return
    done.add(tried.id)
    hear(tried)
  }
  let left = mutants
  while (left.length > 0) {
    const batch = left.slice(0, MOST_PER_WORKER)
    const { lost, stderr } = await runMutantTask<Tried>({ ...task, mutants: batch }, end)
    if (lost !== undefined && suspects.has(lost.id))
      end({ id: lost.id, killed: buildLostKill(lost), plans: lost.plan })
    else if (lost !== undefined) suspects.add(lost.id)
    const after = left.filter(({ id }) => !done.has(id))
    if (after.length === left.length && lost === undefined)
      throw new Error(`${task.name}: a worker ended without a result: ${stderr}`)
    left = lost === undefined ? after : moveToFront(after, lost.id)
  }
}

/** Returns why a mutant is killed under which its process ended. `conform` reports the same musts. */
function buildLostKill({ how, message, scenario }: NonNullable<WorkerEnd<Tried>['lost']>): Killed {
  const invariant = how === 'hung' ? 'run-settles-once' : 'process-survives'
  return { fact: how, invariant, ...(scenario === undefined ? {} : { scenario }), message }
}

function moveToFront<T extends { id: string }>(all: readonly T[], id: string): T[] {
  return [...all.filter((one) => one.id === id), ...all.filter((one) => one.id !== id)]
}
