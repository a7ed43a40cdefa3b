import { readRecordings } from '../../mocks/recordings/formats/read.ts'
import type { Case } from '../judge.ts'
import { drawn, first } from '../plan/drawn.ts'
import { needsOf } from '../plan/needs.ts'
import type { Runtime } from '../runtime.ts'
import type { Scenario } from '../scenario.ts'
import type { Replay, Settings } from './settings.ts'

/** A case, and what of it was left out beforehand. */
export interface PreparedCase extends Case {
  leftOut: string[]
}

/** The cases of a scenario on a runtime: one where plans are drawn, one a file where they come from recordings. */
export async function casesOf(
  name: string,
  scenario: Scenario,
  runtime: Pick<Runtime, 'name' | 'supports'>,
  settings: Settings,
): Promise<PreparedCase[]> {
  const { name: of, supports } = runtime
  if (settings.replay) return [replayed(settings.replay, runtime)]
  if ('plans' in scenario) {
    const lacking = scenario.needs.filter((need) => !supports.has(need))
    if (lacking.length > 0)
      return [{ scenario: name, plans: [], inapplicable: lacks(of, lacking), leftOut: [] }]
    const plans = drawn(scenario.plans(supports), settings.seed, name)
    const most = settings.time === undefined ? settings.runs : Number.POSITIVE_INFINITY
    return [{ scenario: name, plans: first(most, plans), leftOut: [] }]
  }
  const cases: PreparedCase[] = []
  for (const path of settings.recordings)
    for (const { file } of (await readRecordings(path)).recordings) {
      if (settings.cases !== undefined && !settings.cases.includes(file.id)) continue
      const { plans, inexpressible, leftOut } = scenario.fromRecording(file)
      const fitting = plans.filter(({ plan }) => lackingOf(plan, supports).length === 0)
      const lacking = new Set(plans.flatMap(({ plan }) => lackingOf(plan, supports)))
      const why = [...inexpressible, ...(lacking.size > 0 ? [lacks(of, [...lacking])] : [])]
      const said = fitting.length > 0 ? { leftOut: [...leftOut, ...why] } : { leftOut }
      cases.push({
        scenario: `${name}/${file.id}`,
        plans: fitting.map(({ plan }) => plan),
        ...said,
        ...(fitting.length === 0 ? { inapplicable: why.join('; ') } : {}),
      })
    }
  return cases
}

function replayed(
  { scenario, plan }: Replay,
  { name, supports }: Pick<Runtime, 'name' | 'supports'>,
): PreparedCase {
  const lacking = lackingOf(plan, supports)
  if (lacking.length > 0) return { scenario, plans: [], inapplicable: lacks(name, lacking), leftOut: [] }
  return { scenario, plans: [plan], leftOut: [] }
}

function lackingOf(plan: Parameters<typeof needsOf>[0], supports: Runtime['supports']) {
  return needsOf(plan).filter((need) => !supports.has(need))
}

function lacks(name: string, lacking: readonly string[]): string {
  return `${name} has no ${lacking.join(', ')}`
}
