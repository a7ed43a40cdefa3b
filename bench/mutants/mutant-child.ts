/**
 * Runs the task in the file on the command line: the coverage of a runtime, or some of its mutants one after the other.
 * `mutant-worker.ts` starts this program in its own isolated process. Results are lines of JSON on file descriptor 3, the
 * journal for the watchdog is on file descriptor 4.
 */
import { readFileSync, writeSync } from 'node:fs'
import { describeError } from '../../harness/contract/error-shape.ts'
import { UnknownWordError } from '../../harness/contract/nearest-words.ts'
import { AdapterFault, type Runtime } from '../../harness/contract/runtime.ts'
import type { Scenario } from '../../harness/contract/scenario.ts'
import { hideUserHome } from '../../harness/isolation/own-home.ts'
import { dropOtherVariables, readIsolation } from '../../harness/isolation/worker-environment.ts'
import { BuiltIns } from '../../harness/observe/built-ins.ts'
import { watchTraffic } from '../../harness/observe/egress/outside.ts'
import { openJournal } from '../../harness/vitest/journal.ts'
import { loadRuntime } from '../../harness/vitest/load-runtime.ts'
import { createPlanRunner } from '../../harness/vitest/run-plan.ts'
import { findBrokenMust } from './find-broken-must.ts'
import { interleavePlans, type JudgedPlan } from './interleave-plans.ts'
import type { Killed, Tried } from './mutant.ts'
import { type Covered, formatPlace, type MutantTask } from './mutant-worker.ts'
import { switchMutants } from './switch-mutants.ts'

hideUserHome()
dropOtherVariables()
const task = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as MutantTask
const report = (result: Tried | Covered) => void writeSync(3, `${JSON.stringify(result)}\n`)
const scenarios = new Map<string, Scenario>()
for (const name of task.scenarios)
  scenarios.set(name, ((await import(`../../scenarios/${name}.ts`)) as { default: Scenario }).default)
const journal = openJournal()
const builtIns = new BuiltIns()
const outside = watchTraffic(readIsolation(), false)
const mutants = switchMutants(task.folder, task.sources)
outside.loaded(false)
const sound = await loadCopy()
if (typeof sound === 'string') throw new Error(sound)
const soundPlans = interleavePlans(scenarios, sound.supports, task.seed, task.plans)
const support = listSupport(sound)

// Node warns once of experimental functions. This plan takes the warning, so that no mutant is blamed for it.
if (soundPlans[0] !== undefined) await createRunner(sound)(soundPlans[0].plan)

if (task.mutants === undefined) await measureCoverage(sound)
else for (const { id, reachedBy } of task.mutants) report(await tryMutant(id, reachedBy))
journal.end()
process.exit(0)

/** Loads the runtime again, with the mutant that is switched on. Returns the reason if it cannot be loaded. */
async function loadCopy(): Promise<Runtime | string> {
  const { name, folder } = task
  mutants.notePlan()
  try {
    const loaded = await loadRuntime({ name, folder })
    builtIns.restore()
    if (typeof loaded === 'string') return loaded
    // A mutant need not give equal histories, and a rule checks that it does.
    const { deterministic: _, ...runtime } = loaded
    return runtime
  } catch (error) {
    if (error instanceof UnknownWordError || error instanceof AdapterFault) return error.message
    throw error
  }
}

function createRunner(runtime: Runtime) {
  return createPlanRunner({
    runtimeFor: () => runtime,
    transport: 'fetch',
    begin: () => {},
    journal: { execution: journal.execution, sign: journal.sign },
    fatal: [],
    mostLosses: Number.POSITIVE_INFINITY,
    outside,
    builtIns,
  }).run
}

/** Runs all plans without a mutant. Reports which plans reach which mutant, or that the runtime breaks a must. */
async function measureCoverage(runtime: Runtime): Promise<void> {
  journal.begin(task.name, formatPlace({ id: 'coverage', plan: 0 }))
  const run = createRunner(runtime)
  for (const [at, plan] of soundPlans.entries()) {
    mutants.notePlan(at)
    const broken = await findBrokenMust(plan, run, () => {})
    if (broken !== undefined) return report({ broken: `plan ${at} in ${broken.scenario}: ${broken.message}` })
  }
  report({ coverage: mutants.readCoverage() })
}

/** `reachedBy`: the numbers of the plans that reach the mutant. Absent: it is reached while the runtime is loaded. */
async function tryMutant(id: string, reachedBy: readonly number[] | undefined): Promise<Tried> {
  journal.begin(task.name, formatPlace({ id, plan: 0 }))
  mutants.activate(id)
  const runtime = await loadCopy()
  if (typeof runtime === 'string') return { id, killed: { fact: 'not-loaded', message: runtime }, plans: 0 }
  const isChanged = listSupport(runtime) !== support
  const plans = isChanged ? interleavePlans(scenarios, runtime.supports, task.seed, task.plans) : soundPlans
  const due = isChanged || reachedBy === undefined ? plans.map((_, at) => at) : reachedBy
  const run = createRunner(runtime)
  const shoulds = new Set<string>()
  for (const at of due) {
    const plan = plans[at]
    if (plan === undefined) continue
    journal.begin(task.name, formatPlace({ id, plan: at + 1, scenario: plan.scenario }))
    const killed = await killWithPlan(plan, run, (rule) => shoulds.add(rule))
    if (killed !== undefined) return { id, killed, plans: at + 1 }
  }
  return { id, killed: null, plans: plans.length, reached: due.length, shoulds: [...shoulds].sort() }
}

async function killWithPlan(
  plan: JudgedPlan,
  run: ReturnType<typeof createRunner>,
  hearShould: (rule: string) => void,
): Promise<Killed | undefined> {
  try {
    return await findBrokenMust(plan, run, hearShould)
  } catch (error) {
    const { name, message } = describeError(error)
    const fact = error instanceof AdapterFault ? 'adapter-fault' : 'harness-fault'
    return {
      fact,
      scenario: plan.scenario,
      message: fact === 'adapter-fault' ? message : `${name}: ${message}`,
    }
  }
}

function listSupport({ supports }: Runtime): string {
  return [...supports].sort().join(' ')
}
