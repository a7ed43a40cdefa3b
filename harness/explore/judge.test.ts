import { describe, expect, it } from 'vitest'
import type { History } from '../contract/events.ts'
import { AdapterFault } from '../contract/runtime.ts'
import type { KnownViolation } from '../known/baseline.ts'
import { arbitraryPlans } from '../plan/arbitraries/plan.ts'
import { drawPlans, takeFirst } from '../plan/drawn.ts'
import type { Plan } from '../plan/types.ts'
import { createNamedRuntime, createNoisyRun, createNoWordInvariant } from '../testing/promises.ts'
import { type JudgeSetup, judgeCase } from './judge.ts'
import { NotReachedError, type RunPlan } from './run-plan.ts'

const some = [...takeFirst(3, drawPlans(arbitraryPlans(), 1, 'judge'))]
const [kept] = some as [Plan]
const loud = createNoWordInvariant('loud', 'loud')
/** Returns a violation for each noise. The cause is the noise. */
const listNoise = (history: History) =>
  history.flatMap((event, at) =>
    event.kind === 'noise' ? [{ at, message: event.message, cause: event.message }] : [],
  )
const quiet = createNoisyRun(() => []).run
const noisy = createNoisyRun(() => ['loud']).run

function setup(changes: Partial<JudgeSetup> = {}): JudgeSetup {
  return {
    invariants: [loud],
    comparisons: [],
    known: [],
    replayed: new Map(),
    transport: 'fetch',
    run: quiet,
    runKnown: quiet,
    today: '2026-11-20',
    skipsShrinking: true,
    ...changes,
  }
}

function entry(changes: Partial<KnownViolation> = {}): KnownViolation {
  return {
    scenario: 'some',
    invariant: 'loud',
    plan: kept,
    file: 'known/plan.json',
    kind: 'bug',
    reason: 'it is loud',
    since: '2026-01-01',
    expires: '2026-11-20',
    ...changes,
  }
}

const runtime = createNamedRuntime('any')
const some1 = { scenario: 'some', plans: some }
const failing =
  (error: Error): RunPlan =>
  () =>
    Promise.reject(error)

describe('judgeCase', () => {
  it.each<[string, Partial<JudgeSetup>, object]>([
    ['holds', {}, { plans: 3, witnesses: 3 }],
    ['unexercised', { invariants: [{ ...loud, countWitnesses: () => 0 }] }, { plans: 3, witnesses: 0 }],
    [
      'violated',
      { run: noisy },
      { plans: 1, cause: 'loud', counterexample: { plan: kept, transport: 'fetch', runtime: 'any' } },
    ],
    ['harness-error', { run: failing(new AdapterFault('no')) }, { plans: 0, reason: 'the adapter: no' }],
    ['missing', { run: failing(new NotReachedError('lost')) }, { plans: 0, reason: 'lost' }],
  ])('says %s', async (verdict, changes, said) => {
    const { verdicts, stale } = await judgeCase(runtime, some1, setup(changes))
    expect(verdicts).toMatchObject([{ invariant: 'loud', level: 'must', scenario: 'some', verdict, ...said }])
    expect(stale).toEqual([])
  })

  it('gives flaky if no replay repeats the violation, and missing for a case without plans', async () => {
    const { run } = createNoisyRun((_, execution) => (execution === 0 ? ['loud'] : []))
    const { verdicts } = await judgeCase(runtime, some1, setup({ run, skipsShrinking: false }))
    expect(verdicts[0]?.verdict).toBe('flaky')
    const none = await judgeCase(runtime, { scenario: 'some', plans: [] }, setup())
    expect(none.verdicts[0]).toMatchObject({ verdict: 'missing', reason: 'no plan was run' })
  })

  it('gives not-applicable with the reason if the runtime lacks a capability of the rule or the case', async () => {
    const invariants = [createNoWordInvariant('of-spans', 'loud', ['spans'])]
    const [lacking, able] = await Promise.all(
      [runtime, createNamedRuntime('able', new Set(['spans']))].map((one) =>
        judgeCase(one, some1, setup({ invariants })),
      ),
    )
    expect(lacking?.verdicts[0]).toMatchObject({
      verdict: 'not-applicable',
      reason: 'the adapter of any does not declare `spans`',
    })
    expect(able?.verdicts[0]?.verdict).toBe('holds')
    const none = await judgeCase(
      runtime,
      { ...some1, inapplicable: 'it cannot be said' },
      setup({ run: noisy }),
    )
    expect(none.verdicts[0]).toMatchObject({ verdict: 'not-applicable', reason: 'it cannot be said' })
  })

  it('gives harness-error if the histories of a deterministic runtime differ', async () => {
    const invariants = [createNoWordInvariant('same-plan-same-history', 'loud')]
    const ours = { ...runtime, deterministic: true as const }
    const { verdicts } = await judgeCase(ours, some1, setup({ invariants, run: noisy }))
    expect(verdicts[0]).toMatchObject({ verdict: 'harness-error', reason: 'found loud' })
  })
})

describe('known violations', () => {
  it('a violation is known while the kept plan violates, also on the last day', async () => {
    const told = await judgeCase(runtime, some1, setup({ known: [entry()], run: noisy, runKnown: noisy }))
    expect(told.verdicts[0]).toMatchObject({
      verdict: 'known',
      reason: 'it is loud',
      counterexample: { plan: kept },
    })
    expect(told.stale).toEqual([])
  })

  it.each<[string, Partial<KnownViolation>, RunPlan, string]>([
    ['no longer violates', {}, quiet, 'its plan no longer violates'],
    ['has expired', { expires: '2026-11-19' }, noisy, 'it expired on 2026-11-19'],
    ['cannot be run', {}, failing(new AdapterFault('gone')), 'its plan cannot be run: gone'],
  ])('is stale where it %s, and the violation stands', async (_, changes, runKnown, reason) => {
    const told = await judgeCase(runtime, some1, setup({ known: [entry(changes)], run: noisy, runKnown }))
    expect(told.verdicts[0]?.verdict).toBe('violated')
    expect(told.stale).toEqual([
      { runtime: 'any', scenario: 'some', invariant: 'loud', plan: 'known/plan.json', reason },
    ])
  })

  it('a known violation costs no plans, and an entry that is out of date makes nothing cheaper', async () => {
    const { run, asked } = createNoisyRun(() => ['loud'])
    const shrinks = { known: [entry()], run, skipsShrinking: false }
    await judgeCase(runtime, some1, setup({ ...shrinks, runKnown: noisy }))
    expect(asked).toEqual(some)
    await judgeCase(runtime, some1, setup({ ...shrinks, runKnown: quiet }))
    expect(asked.length).toBeGreaterThan(3 * some.length)
  })

  it('an entry covers only the causes that its plan shows', async () => {
    const both = createNoisyRun(() => ['loud', 'shrill']).run
    const anyNoise = { ...loud, check: listNoise }
    const known = [entry({ causes: ['loud'] })]
    const told = await judgeCase(
      runtime,
      some1,
      setup({ invariants: [anyNoise], known, run: both, runKnown: noisy }),
    )
    expect(told.verdicts.map(({ cause, verdict }) => [cause, verdict])).toEqual([
      ['loud', 'known'],
      ['shrill', 'violated'],
    ])
    expect(told.stale).toEqual([])
  })

  it('an entry is stale if its plan does not show a cause that the entry names', async () => {
    const known = [entry({ causes: ['loud', 'shrill'] })]
    const told = await judgeCase(runtime, some1, setup({ known, run: noisy, runKnown: noisy }))
    expect(told.stale[0]?.reason).toBe('its plan shows "loud" and not "shrill"')
    expect(told.verdicts[0]?.verdict).toBe('violated')
  })

  it('a rule holds if only the kept plan breaks it', async () => {
    const told = await judgeCase(runtime, some1, setup({ known: [entry()], runKnown: noisy }))
    expect(told.verdicts[0]?.verdict).toBe('holds')
    expect(told.stale).toEqual([])
  })

  it.each([
    ['another scenario', entry({ scenario: 'other' })],
    ['a scenario of which only the name begins so', entry({ scenario: 'so' })],
    ['an invariant that was not asked for', entry({ invariant: 'other' })],
  ])('is left alone where it speaks of %s', async (_, one) => {
    const { run, asked } = createNoisyRun(() => [])
    expect((await judgeCase(runtime, some1, setup({ known: [one], runKnown: run }))).stale).toEqual([])
    expect(asked).toEqual([])
  })

  it('an entry is replayed once for all cases of its scenario', async () => {
    const { run, asked } = createNoisyRun(() => ['loud'])
    const same = setup({ known: [entry({ scenario: 'recordings' })], run: noisy, runKnown: run })
    for (const scenario of ['recordings/a', 'recordings/b']) {
      const told = await judgeCase(runtime, { scenario, plans: some }, same)
      expect(told.verdicts[0]?.verdict).toBe('known')
    }
    expect(asked).toEqual([kept])
  })
})
