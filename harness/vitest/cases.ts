import type { Runtime } from '../contract/runtime.ts'
import type { FromRecording, Generated, Kept, Recorded, Scenario } from '../contract/scenario.ts'
import { type Case, describeMissingCapabilities } from '../explore/judge.ts'
import { comparisons, invariants } from '../invariants/index.ts'
import { drawChosenPlans } from '../plan/coverage/draw.ts'
import { takeFirst } from '../plan/drawn.ts'
import { listNeededCapabilities } from '../plan/needs.ts'
import type { Plan } from '../plan/types.ts'
import { readAllRecordings } from './recordings.ts'
import type { Settings } from './settings.ts'

/** A case, with the parts of it that cannot run. */
export interface PreparedCase extends Case {
  leftOut: string[]
}

/** Returns the cases of a scenario on a runtime: each named plan, the generated plans, and each recording. */
export async function buildCases(
  name: string,
  scenario: Scenario,
  runtime: Subject,
  settings: Settings,
): Promise<PreparedCase[]> {
  if (settings.replay) {
    const { scenario, plan, repeat } = settings.replay
    const one = buildCase(scenario, plan, runtime)
    return [{ ...one, plans: Array.from({ length: repeat?.times ?? 1 }, () => [...one.plans]).flat() }]
  }
  const named = 'cases' in scenario ? buildNamedCases(name, scenario.cases, runtime) : []
  const rest =
    'plans' in scenario
      ? [buildGeneratedCase(name, scenario, runtime, settings)]
      : 'fromRecording' in scenario
        ? await buildRecordedCases(name, scenario, runtime, settings)
        : []
  return [...named, ...rest].filter(({ scenario }) => isAsked(name, scenario, settings))
}

/** Returns the invariants and comparisons that a scenario checks, limited to those of the settings. */
export function selectPromises({ invariants: own }: Scenario, { invariants: asked }: Settings) {
  const wanted = ({ id }: { id: string }) =>
    (own === undefined || own.includes(id)) && (asked === undefined || asked.includes(id))
  return { invariants: invariants.filter(wanted), comparisons: comparisons.filter(wanted) }
}

type Subject = Pick<Runtime, 'name' | 'supports'>

/** Returns whether a case runs. If the settings name cases of a scenario, its other cases do not run. */
function isAsked(name: string, scenario: string, { cases = [] }: Settings): boolean {
  const own = cases.filter((one) => one.startsWith(`${name}/`))
  return own.length === 0 || own.includes(scenario)
}

function buildNamedCases(name: string, cases: Kept['cases'] = {}, runtime: Subject): PreparedCase[] {
  return Object.entries(cases).map(([id, plan]) =>
    plan instanceof Error
      ? { scenario: `${name}/${id}`, plans: throwOnRead(plan), leftOut: [] }
      : buildCase(`${name}/${id}`, plan, runtime),
  )
}

/** Returns plans that throw when they are read, so that an unreadable file fails only its own case. */
function throwOnRead(error: Error): Iterable<Plan> {
  return {
    [Symbol.iterator]() {
      throw error
    },
  }
}

function buildGeneratedCase(
  name: string,
  scenario: Generated,
  runtime: Subject,
  settings: Settings,
): PreparedCase {
  const { name: of, supports } = runtime
  const lacking = scenario.needs.filter((need) => !supports.has(need))
  if (lacking.length > 0)
    return { scenario: name, plans: [], inapplicable: describeMissingCapabilities(of, lacking), leftOut: [] }
  const plans = drawChosenPlans(scenario.plans(supports), settings.seed, name)
  const most = settings.time === undefined ? settings.runs : Number.POSITIVE_INFINITY
  const { comparesAll = false } = scenario
  return { scenario: name, plans: takeFirst(most, plans), leftOut: [], comparesAll }
}

async function buildRecordedCases(
  name: string,
  scenario: Recorded,
  runtime: Subject,
  settings: Settings,
): Promise<PreparedCase[]> {
  const { recordings } = await readAllRecordings(settings.recordings)
  return recordings
    .filter(({ file }) => isAsked(name, `${name}/${file.id}`, settings))
    .map(({ file, leftOut }) => {
      const one = buildRecordedCase(`${name}/${file.id}`, scenario.fromRecording(file), runtime)
      return { ...one, leftOut: [...one.leftOut, ...leftOut.map(({ message }) => message)] }
    })
}

function buildRecordedCase(
  scenario: string,
  { plans, inexpressible, leftOut }: FromRecording,
  { name: of, supports }: Subject,
): PreparedCase {
  const fitting = plans.filter(({ plan }) => listLacking(plan, supports).length === 0)
  const lacking = new Set(plans.flatMap(({ plan }) => listLacking(plan, supports)))
  const why = [...inexpressible, ...(lacking.size > 0 ? [describeMissingCapabilities(of, [...lacking])] : [])]
  return {
    scenario,
    plans: fitting.map(({ plan }) => plan),
    leftOut: fitting.length > 0 ? [...leftOut, ...why] : leftOut,
    ...(fitting.length === 0 ? { inapplicable: why.join('; ') } : {}),
  }
}

/** Returns a case of one plan. The case does not apply if the runtime lacks a capability. */
function buildCase(scenario: string, plan: Plan, { name, supports }: Subject): PreparedCase {
  const lacking = listLacking(plan, supports)
  if (lacking.length > 0)
    return { scenario, plans: [], inapplicable: describeMissingCapabilities(name, lacking), leftOut: [] }
  return { scenario, plans: [plan], leftOut: [] }
}

function listLacking(plan: Plan, supports: Runtime['supports']) {
  return listNeededCapabilities(plan).filter((need) => !supports.has(need))
}
