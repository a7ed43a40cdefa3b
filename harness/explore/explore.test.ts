import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AdapterFault } from '../contract/runtime.ts'
import type { Invariant } from '../invariants/types.ts'
import { arbitraryPlans } from '../plan/arbitraries/plan.ts'
import { drawPlans, takeFirst } from '../plan/drawn.ts'
import { listSmallerPlans } from '../plan/smaller.ts'
import type { Plan } from '../plan/types.ts'
import { createNoisyRun, createNoWordComparison, createNoWordInvariant } from '../testing/promises.ts'
import { explore, MOST_CAUSES } from './explore.ts'
import { findViolations } from './rule-check.ts'
import { NotReachedError, type PlanRun } from './run-plan.ts'

const some = [...takeFirst(20, drawPlans(arbitraryPlans({ modes: ['on'] }), 1, 'explore'))]
const loud = createNoWordInvariant('loud', 'loud')
const never = createNoWordInvariant('never', 'never')
/** Broken by any noise. The cause is the noise. */
const anyNoise: Invariant = {
  ...loud,
  check: (history) =>
    history.flatMap((event, at) =>
      event.kind === 'noise' ? [{ at, message: `found ${event.message}`, cause: event.message }] : [],
    ),
}
const turnsOf = (plan: Plan) => plan.conversations.reduce((sum, { turns }) => sum + turns.length, 0)

describe('explore', () => {
  it('runs every plan once if all rules hold', async () => {
    const { run, asked } = createNoisyRun(() => [])
    const explored = await explore({ invariants: [loud, never], comparisons: [], plans: some, run })
    expect(explored.map(({ plans, witnesses, found }) => [plans, witnesses, found])).toEqual([
      [20, 20, []],
      [20, 20, []],
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
        const { plan, flaky } = broken?.found[0] ?? {}
        expect(flaky).toBe(false)
        expect(turnsOf(plan as Plan)).toBe(turns)
        for (const less of listSmallerPlans(plan as Plan)) expect(turnsOf(less)).toBeLessThan(turns)
        expect(whole).toMatchObject({ plans: 20 })
      }),
      { numRuns: 4 },
    )
  })

  it('stops when every rule is broken with as many causes as are kept, or `shouldStop` returns true', async () => {
    const all = createNoisyRun((_, execution) => [`loud ${execution}`])
    const broken = {
      invariants: [anyNoise],
      comparisons: [],
      plans: some,
      run: all.run,
      skipsShrinking: true,
    }
    await explore(broken)
    expect(all.asked).toHaveLength(MOST_CAUSES)
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

  it('finds a cause behind another one, each with its own smallest plan', async () => {
    const { run } = createNoisyRun((plan) => [
      ...(turnsOf(plan) >= 1 ? ['first'] : []),
      ...(turnsOf(plan) >= 3 ? ['second'] : []),
    ])
    const [told] = await explore({ invariants: [anyNoise], comparisons: [], plans: some, run })
    expect(told?.found.map(({ cause, plan }) => [cause, turnsOf(plan)])).toEqual([
      ['first', 1],
      ['second', 3],
    ])
    for (const { cause, violations } of told?.found ?? [])
      expect(violations.map((one) => one.cause)).toEqual([cause])
  })

  it('shrinks a cause once, however many plans show it', async () => {
    const few = createNoisyRun(() => ['loud'])
    const many = createNoisyRun(() => ['loud'])
    await explore({ invariants: [anyNoise], comparisons: [], plans: some.slice(0, 1), run: few.run })
    await explore({ invariants: [anyNoise], comparisons: [], plans: some, run: many.run })
    expect(many.asked.length - few.asked.length).toBe(some.length - 1)
  })

  it('neither shrinks nor runs again what is expected, and finds the same number of other causes', async () => {
    const { run, asked } = createNoisyRun((_, execution) => ['known', `other ${execution % 2}`])
    const expects = { invariants: [anyNoise], comparisons: [], isExpected: () => true }
    const [told] = await explore({ ...expects, plans: some, run })
    expect(asked).toEqual(some)
    expect(told?.found.map(({ cause, plan, flaky, times }) => [cause, plan, flaky, times])).toEqual([
      ['known', some[0], false, 20],
      ['other 0', some[0], false, 10],
      ['other 1', some[1], false, 10],
    ])
    const many = createNoisyRun((_, execution) => [`loud ${execution}`])
    const isExpected = (_: string, cause: string) => Number(cause.split(' ')[1]) < 5
    const setup = { ...expects, isExpected, plans: some, skipsShrinking: true }
    const [full] = await explore({ ...setup, run: many.run })
    expect(full?.found).toHaveLength(5 + MOST_CAUSES)
  })

  it('says that there are more causes than it keeps', async () => {
    const { run } = createNoisyRun((_, execution) => [`loud ${execution}`])
    const several = { invariants: [anyNoise, never], comparisons: [], plans: some, skipsShrinking: true }
    const [told, other] = await explore({ ...several, run })
    expect(told?.found).toHaveLength(MOST_CAUSES)
    expect([told?.hasMoreCauses, other?.hasMoreCauses]).toEqual([true, undefined])
  })

  it('counts no witness in a history that a process did not survive', async () => {
    const { run } = createNoisyRun(() => [])
    const lost = async (plan: Plan): Promise<PlanRun> =>
      plan === some[0] ? { ...(await run(plan)), lost: true } : run(plan)
    const [told] = await explore({ invariants: [loud], comparisons: [], plans: some, run: lost })
    expect(told?.witnesses).toBe(some.length - 1)
  })

  it('stops when the rule `until` is broken', async () => {
    const { run } = createNoisyRun(({ seed }) => (seed === some[3]?.seed ? ['loud'] : []))
    const setup = { invariants: [loud, never], comparisons: [], plans: some, run, skipsShrinking: true }
    expect((await explore({ ...setup, until: { rule: 'loud' } })).map(({ plans }) => plans)).toEqual([4, 4])
    const [broken, whole] = await explore({ ...setup, until: { rule: 'never' } })
    expect([broken?.found[0]?.plans, whole?.plans]).toEqual([4, 20])
  })

  it('stops when the rule `until` is broken with its cause, and searches for no other', async () => {
    const { run } = createNoisyRun(({ seed }) => [seed === some[3]?.seed ? 'loud' : 'other'])
    const setup = { invariants: [anyNoise], comparisons: [], plans: some, run, skipsShrinking: true }
    const [told] = await explore({ ...setup, until: { rule: anyNoise.id, cause: 'loud' } })
    expect([told?.plans, told?.found.map((one) => one.cause)]).toEqual([4, ['loud']])
  })

  it('reports a violation as flaky if no replay of its plan repeats it', async () => {
    const { run, asked } = createNoisyRun((_, execution) => (execution === 4 ? ['loud'] : []))
    const [told] = await explore({ invariants: [loud], comparisons: [], plans: some, run })
    expect(told).toMatchObject({ plans: 20, found: [{ flaky: true, plan: some[4], plans: 5 }] })
    expect(asked.filter((plan) => plan === some[4])).toHaveLength(4)
  })

  it('reports a plan that the process did not survive as it is, without another run', async () => {
    const { run, asked } = createNoisyRun(() => ['loud'])
    const lost = async (plan: Plan): Promise<PlanRun> => ({ ...(await run(plan)), lost: true })
    const [told] = await explore({ invariants: [loud], comparisons: [], plans: some, run: lost })
    expect(told).toMatchObject({ witnesses: 0, found: [{ flaky: false, plan: some[0], plans: 1 }] })
    expect(asked).toEqual(some)
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
    expect(broken?.found[0]?.plan).toBe(some[0])
    expect(other).toMatchObject({ plans: 2, [kind]: message })
  })

  it('runs comparisons and checks the variants as well, except if the process ended', async () => {
    const differs = createNoWordComparison('differs', 'off')
    const { run } = createNoisyRun(({ mode }) => (mode.start === 'off' ? ['off', 'loud'] : []))
    const setup = { invariants: [loud], comparisons: [differs], plans: some.slice(0, 1) }
    const [single, several] = await explore({ ...setup, run })
    expect(several?.found[0]?.plan.mode.start).toBe('on')
    expect(single?.found[0]?.plan.mode.start).toBe('off')
    const [alone, compared] = await explore({ ...setup, run, skipsShrinking: true })
    expect(compared?.found[0]?.plan).toBe(some[0])
    expect(alone?.found).toEqual([])
    const exits = async (plan: Plan): Promise<PlanRun> => ({
      history: [...(await run(plan)).history, { kind: 'noise', what: 'exit', message: 'left' }],
    })
    const [, left] = await explore({ ...setup, run: exits })
    expect(left?.found).toEqual([])
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
