import { expect, it } from 'vitest'
import { createTooHeavyPlan } from '../harness/testing/heavy-plans.ts'
import { exitCodes } from './exit-codes.ts'
import { replayOnReference } from './testing/replayed.ts'

it('a plan that is too heavy to be judged is a fault of the harness, and nothing that the runtime did', async () => {
  const { code, verdicts } = await replayOnReference(createTooHeavyPlan())
  expect(new Set(verdicts.map(({ verdict }) => verdict))).toEqual(new Set(['harness-error']))
  expect(verdicts[0]?.reason).toContain('the plan is too large to run and check: found about')
  expect(code).toBe(exitCodes.harness)
})
