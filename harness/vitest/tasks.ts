import type { Runtime } from '../contract/runtime.ts'
import type { Scenario } from '../contract/scenario.ts'
import { createDifferentialTest, type DifferentialTest } from '../explore/against.ts'
import type { JudgeSetup } from '../explore/judge.ts'
import { hasServiceOptions } from '../explore/verdict.ts'
import { appliesToTransport, readBaseline } from '../known/baseline.ts'
import { isWithin, measureSize } from '../known/defect.ts'
import { makeRepeatable } from '../plan/drawn.ts'
import { buildCases, type PreparedCase, selectPromises } from './cases.ts'
import { loadRuntime } from './load-runtime.ts'
import type { Claim, Settings, Subject } from './settings.ts'

/** A case with its runtime and its rules. */
export interface Task
  extends Pick<JudgeSetup, 'invariants' | 'comparisons' | 'known' | 'until' | 'isSmallEnough'> {
  one: PreparedCase
  runtime: Runtime
  runtimeFor?: DifferentialTest['runtimeFor']
}

/** Returns tasks that report what the runtime violates and the other runtime does not. known.yaml does not apply. */
export async function buildComparedTasks(
  name: string,
  scenario: Scenario,
  runtime: Runtime,
  other: Runtime,
  settings: Settings,
): Promise<Task[]> {
  const {
    runtime: both,
    runtimeFor,
    comparisons,
  } = createDifferentialTest(runtime, other, selectPromises(scenario, settings).invariants)
  const cases = await buildCases(name, scenario, both, settings)
  return cases.map((one) => ({
    one: { ...one, comparesAll: true },
    runtime: both,
    runtimeFor,
    invariants: [],
    comparisons,
    known: [],
  }))
}

/** Returns the cases of a scenario on a runtime, each with the rules that it is checked against. */
export async function buildTasks(
  name: string,
  scenario: Scenario,
  subject: Subject,
  runtime: Runtime,
  settings: Settings,
): Promise<Task[]> {
  if (settings.variants) return buildVariantTasks(name, scenario, subject, settings, settings.variants)
  const cases = await buildCases(name, scenario, runtime, settings)
  const promises = selectPromises(scenario, settings)
  if (settings.defects) return buildDefectTasks(name, cases, subject, promises, settings.defects)
  // known.yaml does not apply to defects, to other versions, and to a replayed plan unless the replay asks for it.
  const isReplayedAlone = settings.replay !== undefined && settings.replay.usesKnown !== true
  const unexpected = isReplayedAlone || subject.defect || subject.version !== undefined
  const known = (unexpected ? [] : readBaseline(subject.folder)).filter((entry) =>
    appliesToTransport(entry, settings.transport),
  )
  return cases.map((one) => ({ one, runtime, ...promises, known }))
}

/** Returns one task per defect of the scenario. Each explores the generated plans for the invariant of the defect. */
async function buildDefectTasks(
  name: string,
  cases: readonly PreparedCase[],
  { name: of, folder }: Subject,
  { invariants, comparisons }: ReturnType<typeof selectPromises>,
  claims: readonly Claim[],
): Promise<Task[]> {
  const drawn = cases.find((one) => one.scenario === name)
  const plans = makeRepeatable(drawn?.plans ?? [])
  const tasks: Task[] = []
  for (const { name: defect, breaks, cause, smallest } of claims.filter((claim) => claim.scenario === name)) {
    const runtime = await loadRuntime({ name: `${of}+${defect}`, folder, defect })
    if (typeof runtime === 'string') throw new Error(runtime)
    const claimed = comparisons.filter(({ id }) => id === breaks)
    tasks.push({
      one: { leftOut: [], ...drawn, scenario: `${name}/${defect}`, plans },
      runtime,
      invariants: invariants.filter(({ id }) => id === breaks),
      // In a scenario that compares every plan, the variant of a plan may be what violates the invariant.
      comparisons: drawn?.comparesAll && claimed.length === 0 ? comparisons : claimed,
      known: [],
      until: { rule: breaks, cause },
      isSmallEnough: (plan) => !hasServiceOptions(plan) && isWithin(measureSize(plan), smallest),
    })
  }
  return tasks
}

/**
 * Returns the cases of the scenario for each variant. Each has its own name: the case, then the variant. Comparisons run on
 * generated plans only, because they run a plan several times.
 */
async function buildVariantTasks(
  name: string,
  scenario: Scenario,
  { name: of, folder }: Subject,
  settings: Settings,
  variants: readonly string[],
): Promise<Task[]> {
  const tasks: Task[] = []
  for (const variant of variants) {
    const runtime = await loadRuntime({ name: `${of}+${variant}`, folder, defect: variant })
    if (typeof runtime === 'string') throw new Error(runtime)
    const { invariants, comparisons } = selectPromises(scenario, settings)
    for (const one of await buildCases(name, scenario, runtime, settings))
      tasks.push({
        one: { ...one, scenario: `${one.scenario}/${variant}` },
        ...{ runtime, invariants, known: [] },
        comparisons: one.scenario === name ? comparisons : [],
      })
  }
  return tasks
}
