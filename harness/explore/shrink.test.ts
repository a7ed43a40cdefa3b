import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitraryPlans } from '../plan/arbitraries/plan.ts'
import { listSmallerPlans } from '../plan/smaller.ts'
import type { Plan } from '../plan/types.ts'
import { type Breach, shrinkPlan } from './shrink.ts'

const breaking = (plan: Plan): Breach => ({
  plan,
  violations: [{ at: 0, message: 'broken', cause: 'broken' }],
  history: [],
})

describe('shrinkPlan', () => {
  it('returns a plan that breaks the rule while no smaller one does', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryPlans(), fc.integer({ min: 0, max: 12 }), async (plan, items) => {
        const breaks = (one: Plan) => itemsOf(one) >= Math.min(items, itemsOf(plan))
        const { plan: small } = await shrinkPlan(breaking(plan), async (less) =>
          breaks(less) ? breaking(less) : undefined,
        )
        expect(breaks(small)).toBe(true)
        for (const less of listSmallerPlans(small)) expect(breaks(less)).toBe(false)
      }),
      { numRuns: 25 },
    )
  })

  it('returns the given plan if no smaller one breaks the rule', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryPlans(), async (plan) => {
        const start = breaking(plan)
        expect(await shrinkPlan(start, async () => undefined)).toBe(start)
      }),
      { numRuns: 25 },
    )
  })

  it('ends with the first plan that is small enough', async () => {
    let runs = 0
    const [whole] = fc.sample(arbitraryPlans(), { numRuns: 1, seed: 1 }) as [Plan]
    const start = breaking(whole)
    const small = await shrinkPlan(
      start,
      async (plan) => {
        runs++
        return breaking(plan)
      },
      (plan) => plan !== start.plan,
    )
    expect(runs).toBe(1)
    expect(small).not.toBe(start)
  })

  it('generates no more candidates than it tries, to save memory', async () => {
    const [short] = fc.sample(arbitraryPlans(), { numRuns: 1, seed: 1 }) as [Plan]
    const toggles = Array.from({ length: 1_000 }, (_, step) => ({ step, to: 'on' as const }))
    const start = breaking({ ...short, mode: { start: 'on', toggles } })
    let runs = 0
    const small = await shrinkPlan(start, async () => {
      runs++
      return undefined
    })
    expect(small).toBe(start)
    expect(runs).toBe(1000)
  })

  it('ends even if plans break the rule at random', async () => {
    const [plan] = fc.sample(arbitraryPlans(), { numRuns: 1, seed: 1 }) as [Plan]
    let runs = 0
    await shrinkPlan(breaking(plan), async () => {
      runs++
      return breaking(plan)
    })
    expect(runs).toBe(1000)
  })
})

function itemsOf({ conversations }: Plan): number {
  return conversations.flatMap(({ turns }) =>
    turns.flatMap(({ answers }) => answers.flatMap(({ items }) => items)),
  ).length
}
