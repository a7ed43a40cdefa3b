import { describe, expect, it } from 'vitest'
import { largePlans, longPlans } from '../harness/testing/heavy-plans.ts'
import { exitCodes } from './exit-codes.ts'
import { replayOnReference } from './testing/replayed.ts'

describe('a plan within all limits, however heavy', () => {
  it.each(Object.entries({ ...largePlans, ...longPlans }))(
    'is judged as any other: %s',
    { timeout: 900_000 },
    async (_, plan) => {
      const { code, verdicts, faults } = await replayOnReference(plan())
      expect(faults).toEqual([])
      expect(new Set(verdicts.map(({ verdict }) => verdict))).toEqual(new Set(['holds', 'unexercised']))
      expect(code).toBe(exitCodes.expected)
    },
  )
})
