import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Capability } from '../harness/contract/runtime.ts'
import type { Scenario } from '../harness/contract/scenario.ts'
import { comparisons, invariants } from '../harness/invariants/index.ts'
import { capabilitiesWithoutHandoff } from '../harness/plan/arbitraries/everything.ts'
import { formatPlan, readPlan } from '../harness/plan/codec.ts'
import { listNeededCapabilities } from '../harness/plan/needs.ts'

const files = readdirSync(import.meta.dirname).filter((file) => /^[^.]+\.ts$/.test(file))
const scenarios = await Promise.all(
  files.map(async (file) => [file, (await import(`./${file}`)).default as Scenario] as const),
)

describe.each(scenarios)('%s', (_, scenario) => {
  it('exports a scenario: what it is about, where it comes from, and its plans', () => {
    expect(scenario.about).toMatch(/^[A-Z].{20,}\.$/)
    expect(scenario.source.length).toBeGreaterThan(10)
    const known = [...invariants, ...comparisons].map(({ id }) => id)
    for (const id of scenario.invariants ?? []) expect(known).toContain(id)
    expect(['plans', 'fromRecording', 'cases'].some((kind) => kind in scenario)).toBe(true)
    expect('plans' in scenario && 'fromRecording' in scenario).toBe(false)
  })

  it('names its cases as files are named, and they are read as they are written', () => {
    for (const [name, plan] of Object.entries('cases' in scenario ? (scenario.cases ?? {}) : {})) {
      expect(name).toMatch(/^[a-z0-9][a-z0-9.-]*$/)
      if (plan instanceof Error) throw plan
      expect(readPlan(formatPlan(plan), name)).toEqual(plan)
    }
  })
})

const generated = scenarios.flatMap(([file, scenario]) =>
  'plans' in scenario ? [[file, scenario] as const] : [],
)

describe.each(generated)('the plans of %s', (_, scenario) => {
  // For whatever a runtime can do beside what the scenario needs.
  const supports = fc
    .subarray([...capabilitiesWithoutHandoff])
    .map((some): ReadonlySet<Capability> => new Set([...scenario.needs, ...some]))

  it('are read as they are written, and ask for nothing that the runtime cannot do', () => {
    fc.assert(
      fc.property(
        supports.chain((supports) => fc.tuple(fc.constant(supports), scenario.plans(supports))),
        ([supports, plan]) => {
          expect(readPlan(formatPlan(plan), 'plan.json')).toEqual(plan)
          // Where a runtime can pull in no way at all, its streams are still pulled in the plainest.
          const lacking = listNeededCapabilities(plan).filter(
            (need) => !supports.has(need) && need !== 'same-context',
          )
          expect(lacking).toEqual([])
        },
      ),
      { numRuns: 150 },
    )
  })
})
