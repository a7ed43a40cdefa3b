import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Capability } from '../contract/runtime.ts'
import { createPlainPlan } from '../testing/plans.ts'
import { arbitraryPlans } from './arbitraries/plan.ts'
import { listNeededCapabilities } from './needs.ts'
import { pullNames, sessionModes } from './schema.ts'
import { listSmallerPlans } from './smaller.ts'
import type { Plan } from './types.ts'

const all: Capability[] = [
  ...(['stream', 'tools', 'parallel-tools', 'agent-tool', 'spans', 'toggle'] as const),
  ...(['before_run', 'after_run', 'transform', 'result', 'cleanup'] as const),
  ...sessionModes,
  ...pullNames,
  ...(['abort', 'return', 'drop'] as const),
]

describe('listNeededCapabilities', () => {
  it('lists for a generated plan only capabilities that it was generated for', () => {
    fc.assert(
      fc.property(fc.subarray(all), (some) => {
        const supports = new Set<Capability>(['history', 'same-context', ...some])
        const drawn = fc.sample(arbitraryPlans({ supports, spoiled: 40, stopped: 40, broken: 20 }), {
          numRuns: 3,
          seed: 1,
        })
        for (const plan of drawn)
          expect(listNeededCapabilities(plan).filter((need) => !supports.has(need))).toEqual([])
      }),
    )
  })

  it('lists each capability once, and few for a plain plan', () => {
    fc.assert(
      fc.property(arbitraryPlans({ supports: new Set(all), stopped: 40, broken: 20 }), (plan) => {
        expect(new Set(listNeededCapabilities(plan)).size).toBe(listNeededCapabilities(plan).length)
      }),
    )
    expect(listNeededCapabilities(createPlainPlan()).sort()).toEqual(['history', 'same-context', 'stream'])
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
    expect(listNeededCapabilities({ ...createPlainPlan(), ...changes })).toContain(need)
    expect(listNeededCapabilities(createPlainPlan())).not.toContain(need)
  })

  it('lists `abort` for a consumer that returns during a stall, since it may wait in a pull', () => {
    const plan = createPlainPlan()
    const [turn] = plan.conversations[0]?.turns ?? []
    if (turn === undefined) throw new Error('the plain plan has no turn')
    turn.stop = { how: 'return', after: { updates: 1 } }
    expect(listNeededCapabilities(plan)).not.toContain('abort')
    turn.answers = [{ items: [], faults: [{ kind: 'stall', at: 1 }] }]
    expect(listNeededCapabilities(plan)).toEqual(expect.arrayContaining(['return', 'abort']))
  })

  it('a smaller plan needs no further capability, except for `history`, `same-context` and `tools`', () => {
    fc.assert(
      fc.property(arbitraryPlans({ supports: new Set(all), spoiled: 40, stopped: 40 }), (plan) => {
        const needs = new Set<Capability>([
          ...listNeededCapabilities(plan),
          'history',
          'same-context',
          'tools',
        ])
        for (const less of listSmallerPlans(plan))
          expect(listNeededCapabilities(less).filter((need) => !needs.has(need))).toEqual([])
      }),
      { numRuns: 20 },
    )
  })
})

function agent() {
  return createPlainPlan().team[0] as Plan['team'][number]
}
