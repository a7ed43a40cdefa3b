import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plans } from '../plan/arbitraries/plan.ts'
import { smaller } from '../plan/smaller.ts'
import { attribute, canariesOf } from './attribution.ts'

describe('attribution', () => {
  it('lays a text to its conversation, also in a plan that was made smaller', () => {
    fc.assert(
      fc.property(plans({ conversations: { min: 2, max: 3 } }), (plan) => {
        for (const less of [plan, ...smaller(plan)])
          for (const [index, { turns }] of less.conversations.entries())
            for (const { say } of turns)
              expect(attribute([{ content: say }], canariesOf(less), null)).toEqual({
                conversation: index,
                carries: [index],
              })
      }),
      { numRuns: 20 },
    )
  })

  it('falls back on the cause where nothing or more than one decides, and keeps whose texts there are', () => {
    const canaries = new Map([
      ['canary-0.0.0-00000000', 0],
      ['canary-1.0.0-11111111', 1],
    ])
    expect(attribute('nothing', canaries, 1)).toEqual({ conversation: 1, carries: [] })
    expect(attribute('nothing', canaries, null)).toEqual({ conversation: null, carries: [] })
    const both = 'canary-0.0.0-00000000 canary-1.0.0-11111111'
    expect(attribute(both, canaries, 1)).toEqual({ conversation: 1, carries: [0, 1] })
  })
})
