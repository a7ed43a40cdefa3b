import { expect, test } from 'vitest'
import { runtime } from '../runtimes/reference/adapter.ts'
import { benchGrowth } from './growth.ts'
import { benchPlans } from './plans.ts'

test('exploring and its floor are counted in plan executions a second', async () => {
  const { explored, floor, served, ratio } = await benchPlans(runtime, { rounds: 1, plans: 9 })
  expect(explored).toBeGreaterThan(0)
  expect(ratio).toBeCloseTo(explored / floor)
  expect(served).toBeGreaterThan(0)
  expect(ratio).toBeLessThan(1)
})

test('each number of plans is explored in a process of its own', async () => {
  const grown = await benchGrowth([2, 9])
  expect(grown.map(({ plans }) => plans)).toEqual([2, 9])
  for (const { milliseconds, peak, heap } of grown) {
    expect(milliseconds).toBeGreaterThan(0)
    expect(peak).toBeGreaterThan(heap)
  }
})
