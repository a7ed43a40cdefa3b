import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runtime } from '../../runtimes/openai-loop/adapter.ts'
import { NotReached } from '../explore.ts'
import { plainPlan } from '../testing/plans.ts'
import { type PlanRunner, planRunner } from './run-plan.ts'
import type { Lost } from './settings.ts'

const plan = plainPlan()

function runner(fatal: readonly Partial<Lost>[], mostLosses: number): PlanRunner & { told: string[] } {
  const told: string[] = []
  const lost = fatal.map((one) => ({
    runtime: 'openai-loop',
    scenario: 'some',
    execution: 0,
    how: 'died' as const,
    message: 'gone',
    ...one,
  }))
  const journal = { execution: () => void told.push('execution') }
  const begin = () => void told.push('begin')
  return {
    told,
    ...planRunner({ runtimeFor: () => runtime, transport: 'fetch', begin, journal, fatal: lost, mostLosses }),
  }
}

describe('planRunner', () => {
  it('runs what no worker died of, and tells the journal of each execution before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 4 }), fc.nat({ max: 4 }), async (count, execution) => {
        const { run, told, lostAhead } = runner([{ execution }], 2)
        const lost: number[] = []
        for (let number = 0; number < count; number++) {
          expect(lostAhead()).toBe(number <= execution)
          if ((await run(plan)).lost) lost.push(number)
        }
        expect(told).toEqual(
          count === 0 ? [] : ['begin', ...Array.from({ length: count }, () => 'execution')],
        )
        expect(lost).toEqual(execution < count ? [execution] : [])
      }),
      { numRuns: 15 },
    )
  })

  it('gives of a lost plan what is known of it', async () => {
    expect((await runner([{ message: 'the process was killed' }], 2).run(plan)).history).toEqual([
      { kind: 'noise', what: 'exit', message: 'the process was killed' },
    ])
    const { history } = await runner([{ how: 'hung', message: 'no sign' }], 2).run(plan)
    expect(history.at(-1)).toMatchObject({
      kind: 'run.end',
      outcome: { status: 'hung', error: { message: 'no sign' } },
    })
  })

  it('runs no more of a line that lost as many as it may', async () => {
    const { run } = runner([{ execution: 0 }, { execution: 1 }], 2)
    await run(plan)
    await run(plan)
    await expect(run(plan)).rejects.toThrow(NotReached)
  })
})
