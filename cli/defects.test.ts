import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { execute } from '../harness/execute/execute.ts'
import { type Explored, explore } from '../harness/explore.ts'
import { comparisons, invariants } from '../harness/invariants/index.ts'
import { drawn, first } from '../harness/plan/drawn.ts'
import type { Runtime } from '../harness/runtime.ts'
import type { Generated } from '../harness/scenario.ts'
import { runtimeOf } from '../runtimes/reference/adapter.ts'
import type { Defect } from '../runtimes/reference/defect.ts'
import concurrency from '../scenarios/concurrency.ts'
import streamErrors from '../scenarios/stream-errors.ts'

const folder = join(import.meta.dirname, '../runtimes/reference/defects')
const files = readdirSync(folder)
const defects = await Promise.all(
  files.map(async (file) => (await import(join(folder, file))).default as Defect),
)
const scenarios: Record<string, Generated> = {
  'stream-errors': streamErrors,
  concurrency,
}

/** One conversation alone cannot be crossed with another. */
const apart = ['updates-crossed in stream-errors']
const pairs = defects.flatMap((defect) =>
  Object.keys(scenarios)
    .filter((scenario) => !apart.includes(`${defect.name} in ${scenario}`))
    .map((scenario) => [defect.name, scenario, defect] as const),
)

function explored(
  runtime: Runtime,
  scenario: string,
  runs: number,
  promised = invariants,
): Promise<Explored[]> {
  const { plans } = scenarios[scenario] as Generated
  return explore({
    invariants: promised,
    comparisons: promised === invariants ? comparisons : [],
    plans: first(runs, drawn(plans(runtime.supports), 1, scenario)),
    run: async (plan) => ({ history: await execute(runtime, plan, { transport: 'fetch' }) }),
  })
}

describe('the defects', () => {
  it('are seven, named by their files, each with an invariant that must see it', () => {
    expect(defects.map(({ name }) => `${name}.ts`)).toEqual(files)
    expect(files).toHaveLength(7)
    for (const { breaks } of defects) expect(invariants.map(({ id }) => id)).toContain(breaks)
  })
})

describe.each(pairs)('the reference runtime with the defect %s, in %s', (_, scenario, defect) => {
  it('is caught within 300 plans, with a counterexample that a person could have written', async () => {
    const promised = invariants.filter(({ id }) => id === defect.breaks)
    const [{ found, fault } = {}] = await explored(runtimeOf(defect.parts), scenario, 300, promised)
    expect(fault).toBeUndefined()
    expect(found?.flaky).toBe(false)
    const { conversations, delivery, service } = found?.plan ?? { conversations: [] }
    const turns = conversations.flatMap(({ turns }) => turns)
    expect(found?.violations.length).toBeGreaterThan(0)
    expect(conversations.length).toBeLessThanOrEqual(2)
    expect(turns.length).toBeLessThanOrEqual(2)
    expect(turns.flatMap(({ answers }) => answers).length).toBeLessThanOrEqual(3)
    expect([delivery, service]).toEqual([[], undefined])
  })
})

describe.each(Object.keys(scenarios))('the reference runtime without any, in %s', (scenario) => {
  it('holds in everything', async () => {
    const broken = (await explored(runtimeOf(), scenario, 150)).filter(({ found, fault }) => found ?? fault)
    expect(broken).toEqual([])
  })
})
