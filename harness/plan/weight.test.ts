import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runtime } from '../../runtimes/reference/adapter.ts'
import { execute } from '../execute/execute.ts'
import { createAnswer, createPlan, createScriptedRuntime, createTurn } from '../execute/testing/scripted.ts'
import { anything } from './arbitraries/everything.ts'
import { smaller } from './smaller.ts'
import { tooHeavy, weightOf } from './weight.ts'

const { supports } = runtime

describe('the weight of a plan', () => {
  it('is never above the limits for a plan that is drawn, or made smaller', () => {
    fc.assert(
      fc.property(anything(supports), (plan) => {
        expect(tooHeavy(plan)).toBeUndefined()
        for (const less of smaller(plan)) expect(weightOf(less).steps).toBeLessThan(10_000)
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
        expect(weightOf(plan).steps).toBeGreaterThan(steps)
        expect(weightOf(plan).steps).toBeLessThan(4 * steps)
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
    expect(weightOf(plan).sent).toBeGreaterThan(20 * weightOf(kept).sent)
  })

  it('names what is too much, and how much there may be', () => {
    const turns = Array.from({ length: 1_000 }, () => createTurn({ say: 'x'.repeat(10_000) }))
    expect(tooHeavy(createPlan([turns]))).toMatch(
      /^the plan is too heavy to be run and judged: found requests of about \d+\.\d million characters together, expected at most 400\.0 million$/,
    )
  })
})
