import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countChanges } from '../smaller-delivery.ts'
import type { Plan } from '../types.ts'
import { estimateWeight } from '../weight.ts'
import { arbitraryPlans } from './plan.ts'

const several = arbitraryPlans({ conversations: { min: 2, max: 4 } })
const plans = fc.sample(several, { numRuns: 200, seed: 1 })

describe('the order of the conversations in a generated plan', () => {
  it('has a number for each step that the plan is expected to take', () => {
    for (const plan of plans)
      expect(plan.delivery).toHaveLength(Math.min(2_000, estimateWeight({ ...plan, delivery: [] }).steps))
  })

  it('is drawn step by step in about half of the plans, and else changes the conversation at most three times', () => {
    const calm = plans.filter(({ delivery }) => countChanges(delivery) <= 3)
    expect(calm.length).toBeGreaterThan(60)
    expect(calm.length).toBeLessThan(140)
    for (const { delivery } of plans.filter((plan) => !calm.includes(plan)))
      expect(countChanges(delivery)).toBeGreaterThan(delivery.length / 2)
  })

  it('changes the conversation early and late, in orders with one change', () => {
    const places = plans.filter(({ delivery }) => countChanges(delivery) === 1).map(placeOfChange)
    expect(Math.min(...places)).toBeLessThan(0.25)
    expect(Math.max(...places)).toBeGreaterThan(0.75)
  })

  it('is empty for one conversation, which has only one order', () => {
    const [plan] = fc.sample(arbitraryPlans({ conversations: { min: 1, max: 1 } }), { numRuns: 1, seed: 1 })
    expect(plan?.delivery).toEqual([])
  })
})

/** Returns where an order changes the conversation, as a share of its length. */
function placeOfChange({ delivery }: Plan): number {
  return delivery.findIndex((number) => number !== delivery[0]) / delivery.length
}
