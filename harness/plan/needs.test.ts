import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Capability } from '../contract/runtime.ts'
import { createPlainPlan } from '../testing/plans.ts'
import { plans } from './arbitraries/plan.ts'
import { needsOf } from './needs.ts'
import { pulls, sessionModes } from './schema.ts'
import { smaller } from './smaller.ts'
import type { Plan } from './types.ts'

const all: Capability[] = [
  ...(['stream', 'tools', 'parallel-tools', 'agent-tool', 'spans', 'toggle'] as const),
  ...(['before_run', 'after_run', 'transform', 'result', 'cleanup'] as const),
  ...sessionModes,
  ...pulls,
  ...(['abort', 'return', 'drop'] as const),
]

describe('needsOf', () => {
  it('asks of a drawn plan nothing but what it was drawn for', () => {
    fc.assert(
      fc.property(fc.subarray(all), (some) => {
        const supports = new Set<Capability>(['history', 'same-context', ...some])
        const drawn = fc.sample(plans({ supports, spoiled: 40, stopped: 40, broken: 20 }), {
          numRuns: 3,
          seed: 1,
        })
        for (const plan of drawn) expect(needsOf(plan).filter((need) => !supports.has(need))).toEqual([])
      }),
    )
  })

  it('names each need once, and a plain plan needs little', () => {
    fc.assert(
      fc.property(plans({ supports: new Set(all), stopped: 40, broken: 20 }), (plan) => {
        expect(new Set(needsOf(plan)).size).toBe(needsOf(plan).length)
      }),
    )
    expect(needsOf(createPlainPlan()).sort()).toEqual(['history', 'same-context', 'stream'])
  })

  it.each<[Capability, Partial<Plan>]>([
    ['toggle', { mode: { start: 'on', toggles: [{ step: 1, to: 'off' }] } }],
    ['spans', { mode: { start: 'on', sabotage: { part: 'exporter', does: 'throw', nth: 0 } } }],
    ['step-hooks', { mode: { start: 'on', sabotage: { part: 'hook-lost', does: 'drop', nth: 0 } } }],
    ['tools', { team: [{ ...agent(), tools: [{ name: 'a', parameters: {}, does: [] }] }] }],
    [
      'agent-tool',
      {
        team: [
          { ...agent(), tools: [{ name: 'a', parameters: {}, does: [{ kind: 'agent', agent: 'agent' }] }] },
        ],
      },
    ],
    ['handoff', { team: [{ ...agent(), handoffs: ['agent'] }] }],
    ['flow', { flow: { turnLimits: {} } }],
  ])('finds %s', (need, changes) => {
    expect(needsOf({ ...createPlainPlan(), ...changes })).toContain(need)
    expect(needsOf(createPlainPlan())).not.toContain(need)
  })

  it('grows by no step to a smaller plan, save by the plainest session', () => {
    fc.assert(
      fc.property(plans({ supports: new Set(all), spoiled: 40, stopped: 40 }), (plan) => {
        const needs = new Set<Capability>([...needsOf(plan), 'history', 'same-context', 'tools'])
        for (const less of smaller(plan)) expect(needsOf(less).filter((need) => !needs.has(need))).toEqual([])
      }),
      { numRuns: 20 },
    )
  })
})

function agent() {
  return createPlainPlan().team[0] as Plan['team'][number]
}
