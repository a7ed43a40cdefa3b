import fc from 'fast-check'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { History } from '../contract/events.ts'
import type { Runtime } from '../contract/runtime.ts'
import { execute } from '../execute/execute.ts'
import { arbitraryPlans } from '../plan/arbitraries/plan.ts'
import type { Plan } from '../plan/types.ts'
import { comparisons, invariants } from './index.ts'

/** Both are correct: whatever is drawn for them, a violation is a false alarm. */
const names = ['openai-loop', 'reference']
const runtimes: Record<string, Runtime> = {}
beforeAll(async () => {
  // Under any other value some libraries switch their tracing off without a word.
  vi.stubEnv('NODE_ENV', 'production')
  for (const name of names) runtimes[name] = (await import(`../../runtimes/${name}/adapter.ts`)).runtime
})

/** Everything that can be asked of a runtime, and go wrong. */
function anything({ supports }: Runtime): fc.Arbitrary<Plan> {
  const toggleable = supports.has('toggle')
  return arbitraryPlans({
    supports,
    spoiled: 35,
    stopped: 20,
    broken: 15,
    throwing: 10,
    modes: toggleable ? ['off', 'on', 'sensitive'] : ['on'],
  })
}

describe.each(names)('drawn plans on %s', (name) => {
  it('break no invariant', async () => {
    const runtime = runtimes[name] as Runtime
    await fc.assert(
      fc.asyncProperty(anything(runtime), async (plan) => {
        const history = await execute(runtime, plan, { transport: 'fetch' })
        expect(violationsIn(runtime, history, plan)).toEqual([])
      }),
      // One seed: what is new is for `conform` to find, not for whoever runs these tests.
      { numRuns: 150, seed: 20_261_120 },
    )
  })

  it('break no comparison', async () => {
    const runtime = runtimes[name] as Runtime
    const applicable = comparisons.filter(({ needs }) => needs.every((need) => runtime.supports.has(need)))
    await fc.assert(
      fc.asyncProperty(anything(runtime), async (plan) => {
        const own = await execute(runtime, plan, { transport: 'fetch' })
        for (const { id, variants, compare } of applicable) {
          const others: History[] = []
          for (const variant of variants(plan))
            others.push(await execute(runtime, variant, { transport: 'fetch' }))
          expect(others.length === 0 ? [] : compare(own, others, plan), id).toEqual([])
        }
      }),
      { numRuns: 25, seed: 20_261_120 },
    )
  })
})

function violationsIn({ supports }: Runtime, history: History, plan: Plan): string[] {
  return invariants
    .filter(({ needs }) => needs.every((need) => supports.has(need)))
    .flatMap((invariant) =>
      invariant.check(history, plan).map(({ message }) => `${invariant.id}: ${message}`),
    )
}
