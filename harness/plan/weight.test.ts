import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runtime } from '../../runtimes/reference/adapter.ts'
import { execute } from '../execute/execute.ts'
import { createAnswer, createPlan, createScriptedRuntime, createTurn } from '../execute/testing/scripted.ts'
import { arbitraryMixedPlans } from './arbitraries/everything.ts'
import { listSmallerPlans } from './smaller.ts'
import { describeExcessWeight, estimateWeight } from './weight.ts'

const { supports } = runtime

describe('the weight of a plan', () => {
  it('is within the limits for generated plans and for smaller ones', () => {
    fc.assert(
      fc.property(arbitraryMixedPlans(supports), (plan) => {
        expect(describeExcessWeight(plan)).toBeUndefined()
        for (const less of listSmallerPlans(plan)) expect(estimateWeight(less).steps).toBeLessThan(10_000)
      }),
      { numRuns: 20 },
    )
  })

  it('counts at least the steps that a streamed answer takes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1_000, maxLength: 3_000 }), async (text) => {
        const plan = createPlan([[createTurn({ answers: [createAnswer(text)] })], [createTurn()]])
        const history = await execute(createScriptedRuntime(), plan, { transport: 'fetch' })
        const steps = history.filter(({ kind }) => kind === 'step').length
        expect(estimateWeight(plan).steps).toBeGreaterThan(steps)
        expect(estimateWeight(plan).steps).toBeLessThan(4 * steps)
      }),
      { numRuns: 10 },
    )
  })

  it('counts earlier messages again with each request, unless the service keeps them', () => {
    const turns = Array.from({ length: 100 }, () => createTurn({ say: 'x'.repeat(1_000) }))
    const plan = createPlan([turns])
    const kept = {
      ...plan,
      conversations: plan.conversations.map((one) => ({ ...one, session: 'previous-response' as const })),
    }
    expect(estimateWeight(plan).sent).toBeGreaterThan(20 * estimateWeight(kept).sent)
  })

  it('names the excess and the limit', () => {
    const turns = Array.from({ length: 1_000 }, () => createTurn({ say: 'x'.repeat(10_000) }))
    expect(describeExcessWeight(createPlan([turns]))).toMatch(
      /^the plan is too large to run and check: found about \d+\.\d million characters in all requests, expected at most 400\.0 million$/,
    )
  })
})
