import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runtime } from '../../runtimes/openai-loop/adapter.ts'
import { NotReachedError } from '../explore/run-plan.ts'
import type { Conversation } from '../plan/types.ts'
import { createPlainPlan } from '../testing/plans.ts'
import { createPlanRunner, type PlanRunner, PlanTooHeavy } from './run-plan.ts'
import type { Lost } from './settings.ts'

const plan = createPlainPlan()

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
  const journal = { execution: () => void told.push('execution'), sign: () => void told.push('sign') }
  const begin = () => void told.push('begin')
  return {
    told,
    ...createPlanRunner({
      runtimeFor: () => runtime,
      transport: 'fetch',
      begin,
      journal,
      fatal: lost,
      mostLosses,
    }),
  }
}

/** The conversation, each of its answers one such text. */
function spoken(conversation: Conversation, text: string): Conversation {
  const answers = [{ items: [{ type: 'text' as const, text }] }]
  return { ...conversation, turns: conversation.turns.map((turn) => ({ ...turn, stream: true, answers })) }
}

describe('createPlanRunner', () => {
  it('runs what no worker died of, and tells the journal of each execution before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 4 }), fc.nat({ max: 4 }), async (count, execution) => {
        const { run, told, hasLostAhead } = runner([{ execution }], 2)
        const lost: number[] = []
        for (let number = 0; number < count; number++) {
          expect(hasLostAhead()).toBe(number <= execution)
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

  it('refuses a plan that no worker could judge, whatever the runtime does', async () => {
    const said = 'x'.repeat(1_000_000)
    const heavy = {
      ...plan,
      conversations: plan.conversations.flatMap((one) => Array(64).fill(spoken(one, said))),
    }
    const refusal = await runner([], 2)
      .run(heavy)
      .catch((error) => error)
    expect(refusal).toBeInstanceOf(PlanTooHeavy)
    expect(refusal.message).toMatch(/found about [\d.]+ million steps, expected at most 0\.5 million/)
  })

  it('gives signs of life with a long history', async () => {
    const long = { ...plan, conversations: plan.conversations.map((one) => spoken(one, 'x'.repeat(20_000))) }
    const { run, told } = runner([], 2)
    const { sign } = await run(long)
    const before = told.filter((one) => one === 'sign').length
    expect(before).toBeGreaterThan(1)
    sign?.()
    expect(told.filter((one) => one === 'sign')).toHaveLength(before + 1)
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
    await expect(run(plan)).rejects.toThrow(NotReachedError)
  })
})
