import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { telemetryIsTransparent } from '../harness/invariants/comparisons.ts'
import { capabilitiesWithoutHandoff } from '../harness/plan/arbitraries/everything.ts'
import { pullNames, sabotagePairs, telemetryModes } from '../harness/plan/schema.ts'
import type { Sabotage } from '../harness/plan/types.ts'
import scenario from './instrumentation-toggles.ts'

const PLANS = 200
const SEEDS = [4, 5, 6]

/** What came up in the first 200 plans of a seed, each as a phrase. */
function pairsSeen(seed: number): Set<string> {
  const seen = new Set<string>()
  for (const { mode, conversations } of fc.sample(scenario.plans(capabilitiesWithoutHandoff), {
    numRuns: PLANS,
    seed,
  })) {
    if (mode.sabotage) seen.add(`${mode.sabotage.part} ${mode.sabotage.does}`)
    let from = mode.start
    for (const { to } of mode.toggles ?? []) {
      seen.add(`${from} to ${to}`)
      from = to
    }
    for (const { turns } of conversations)
      for (const { stream, pull, stop } of turns)
        if (stream) seen.add(`${pull}, ${stop?.how ?? 'never stopped'}`)
  }
  return seen
}

const sabotaged = (Object.keys(sabotagePairs) as Sabotage['part'][]).flatMap((part) =>
  sabotagePairs[part].map((does) => `${part} ${does}`),
)
const toggled = telemetryModes.flatMap((from) => telemetryModes.map((to) => `${from} to ${to}`))
const taken = pullNames.flatMap((pull) =>
  ['never stopped', 'abort', 'return', 'drop']
    // Who never pulls cannot return.
    .filter((stop) => pull !== 'final-only' || stop !== 'return')
    .map((stop) => `${pull}, ${stop}`),
)

describe.each(SEEDS)(`${PLANS} plans of instrumentation-toggles, seed %i`, (seed) => {
  const seen = pairsSeen(seed)

  it.each([...sabotaged, ...toggled, ...taken])('have at least once: %s', (pair) => {
    expect(seen).toContain(pair)
  })
})

it('runs each plan off, on and sensitive beside what befalls it', () => {
  for (const plan of fc.sample(scenario.plans(capabilitiesWithoutHandoff), { numRuns: PLANS, seed: 1 })) {
    const forms = [plan, ...telemetryIsTransparent.variants(plan)].map(({ mode }) => mode)
    const calm = forms.filter(({ toggles, sabotage }) => toggles === undefined && sabotage === undefined)
    expect(calm.map(({ start }) => start).sort()).toEqual(['off', 'on', 'sensitive'])
  }
})
