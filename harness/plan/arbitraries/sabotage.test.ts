import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPlan, createTurn } from '../../execute/testing/scripted.ts'
import { formatPlan, readPlan } from '../codec.ts'
import { sabotagePairs } from '../schema.ts'
import type { Sabotage } from '../types.ts'
import { arbitrarySabotages, hookParts, spanParts } from './sabotage.ts'

const every = [...spanParts, ...hookParts]

describe('arbitrarySabotages', () => {
  it('can be written and read back', () => {
    fc.assert(
      fc.property(arbitrarySabotages(every), (sabotage) => {
        const plan = createPlan([[createTurn()]], { mode: { start: 'on', sabotage } })
        expect(readPlan(formatPlan(plan), 'plan.json')).toEqual(plan)
      }),
    )
  })

  it('cover every legal pair of the given parts, and no other part', () => {
    expect([...every].sort()).toEqual(Object.keys(sabotagePairs).sort())
    const asked = every.flatMap((part) => sabotagePairs[part].map((does) => `${part} ${does}`))
    const told = ({ part, does }: Sabotage) => `${part} ${does}`
    const drawn = fc.sample(arbitrarySabotages(every), { numRuns: 300, seed: 1 }).map(told)
    expect(new Set(drawn)).toEqual(new Set(asked))
    const lost = fc.sample(arbitrarySabotages(['hook-lost']), { numRuns: 20, seed: 1 }).map(told)
    expect(new Set(lost)).toEqual(new Set(['hook-lost drop']))
  })
})
