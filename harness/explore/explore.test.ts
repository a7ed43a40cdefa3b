import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AdapterFault } from '../contract/runtime.ts'
import { arbitraryPlans } from '../plan/arbitraries/plan.ts'
import { drawPlans, takeFirst } from '../plan/drawn.ts'
import { listSmallerPlans } from '../plan/smaller.ts'
import type { Plan } from '../plan/types.ts'
import { createNoisyRun, createNoWordComparison, createNoWordInvariant } from '../testing/promises.ts'
import { explore, findViolations, NotReachedError, type PlanRun } from './explore.ts'

const some = [...takeFirst(20, drawPlans(arbitraryPlans({ modes: ['on'] }), 1, 'explore'))]
const loud = createNoWordInvariant('loud', 'loud')
const never = createNoWordInvariant('never', 'never')
const turnsOf = (plan: Plan) => plan.conversations.reduce((sum, { turns }) => sum + turns.length, 0)

describe('explore', () => {
  it('runs every plan once if all rules hold', async () => {
    const { run, asked } = createNoisyRun(() => [])
    const explored = await explore({ invariants: [loud, never], comparisons: [], plans: some, run })
    expect(explored.map(({ plans, found }) => [plans, found])).toEqual([
      [20, undefined],
      [20, undefined],
    ])
    expect(asked).toEqual(some)
  })

  it('shrinks the first plan that breaks a rule, and goes on with the other rules', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), async (turns) => {
        const { run } = createNoisyRun((plan) => (turnsOf(plan) >= turns ? ['loud'] : []))
        const [broken, whole] = await explore({
          invariants: [loud, never],
          comparisons: [],
          plans: some,
          run,
        })
        const { plan, flaky } = broken?.found ?? {}
        expect(flaky).toBe(false)
        expect(turnsOf(plan as Plan)).toBe(turns)
        for (const less of listSmallerPlans(plan as Plan)) expect(turnsOf(less)).toBeLessThan(turns)
        expect(whole).toMatchObject({ plans: 20 })
      }),
      { numRuns: 4 },
    )
  })

  it('stops when every rule is broken or `shouldStop` returns true', async () => {
    const all = createNoisyRun(() => ['loud'])
    await explore({ invariants: [loud], comparisons: [], plans: some, run: all.run, skipsShrinking: true })
    expect(all.asked).toHaveLength(1)
    let left = 5
    const quiet = createNoisyRun(() => [])
    const shouldStop = () => left-- === 0
    const [told] = await explore({
      invariants: [loud],
      comparisons: [],
      plans: some,
      run: quiet.run,
      shouldStop,
    })
    expect(told?.plans).toBe(5)
  })

  it('stops when the rule `until` is broken', async () => {
    const { run } = createNoisyRun(({ seed }) => (seed === some[3]?.seed ? ['loud'] : []))
    const setup = { invariants: [loud, never], comparisons: [], plans: some, run, skipsShrinking: true }
    expect((await explore({ ...setup, until: 'loud' })).map(({ plans }) => plans)).toEqual([4, 4])
    expect((await explore({ ...setup, until: 'never' })).map(({ plans }) => plans)).toEqual([4, 20])
  })

  it('reports a violation as flaky if no replay of its plan repeats it', async () => {
    const { run, asked } = createNoisyRun((_, execution) => (execution === 4 ? ['loud'] : []))
    const [told] = await explore({ invariants: [loud], comparisons: [], plans: some, run })
    expect(told).toMatchObject({ plans: 5, found: { flaky: true, plan: some[4] } })
    expect(asked.filter((plan) => plan === some[4])).toHaveLength(4)
  })

  it('reports a plan that the process did not survive as it is, without another run', async () => {
    const { run, asked } = createNoisyRun(() => ['loud'])
    const lost = async (plan: Plan): Promise<PlanRun> => ({ ...(await run(plan)), lost: true })
    const [told] = await explore({ invariants: [loud], comparisons: [], plans: some, run: lost })
    expect(told).toMatchObject({ plans: 1, found: { flaky: false, plan: some[0] } })
    expect(asked).toHaveLength(1)
  })

  it.each([
    ['fault', new AdapterFault('open() was rejected'), 'the adapter: open() was rejected'],
    ['fault', new TypeError('of ours'), 'TypeError: of ours'],
    ['notReached', new NotReachedError('the rest was not run'), 'the rest was not run'],
  ])('keeps what was found before a %s', async (kind, error, message) => {
    let count = 0
    const run = async (plan: Plan): Promise<PlanRun> => {
      if (++count === 3) throw error
      return createNoisyRun(() => (count === 1 ? ['loud'] : [])).run(plan)
    }
    const promises = { invariants: [loud, never], comparisons: [], skipsShrinking: true }
    const [broken, other] = await explore({ ...promises, plans: some, run })
    expect(broken?.found?.plan).toBe(some[0])
    expect(other).toMatchObject({ plans: 2, [kind]: message })
  })

  it('runs comparisons and checks the variants as well, except if the process ended', async () => {
    const differs = createNoWordComparison('differs', 'off')
    const { run } = createNoisyRun(({ mode }) => (mode.start === 'off' ? ['off', 'loud'] : []))
    const setup = { invariants: [loud], comparisons: [differs], plans: some.slice(0, 1) }
    const [single, several] = await explore({ ...setup, run })
    expect(several?.found?.plan.mode.start).toBe('on')
    expect(single?.found?.plan.mode.start).toBe('off')
    const [alone, compared] = await explore({ ...setup, run, skipsShrinking: true })
    expect(compared?.found?.plan).toBe(some[0])
    expect(alone?.found).toBeUndefined()
    const exits = async (plan: Plan): Promise<PlanRun> => ({
      history: [...(await run(plan)).history, { kind: 'noise', what: 'exit', message: 'left' }],
    })
    const [, left] = await explore({ ...setup, run: exits })
    expect(left?.found).toBeUndefined()
  })
})

describe('findViolations', () => {
  it('returns the violations of one plan', async () => {
    const { run } = createNoisyRun(() => ['quiet', 'loud'])
    expect(await findViolations(loud, some[0] as Plan, run)).toEqual([
      { at: 1, message: 'found loud', cause: 'loud' },
    ])
    expect(await findViolations(never, some[0] as Plan, run)).toEqual([])
    expect(
      await findViolations(createNoWordComparison('differs', 'loud'), some[0] as Plan, run),
    ).toHaveLength(1)
  })
})
