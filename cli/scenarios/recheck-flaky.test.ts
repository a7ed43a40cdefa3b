import { describe, expect, it } from 'vitest'
import type { Verdict } from '../../harness/explore/verdict.ts'
import { createPlainPlan } from '../../harness/testing/plans.ts'
import type { CaseResult } from '../../reports/run-report.ts'
import { type Replayed, recheckFlaky } from './recheck-flaky.ts'

const where = { runtime: 'any', version: '1', scenario: 'some', invariant: 'loud' }
const told = { violations: [], ends: [], plan: createPlainPlan() }
const flaky: Verdict = {
  ...where,
  ...{ level: 'must', mode: 'on', statement: '', source: '', plans: 5, witnesses: 40, times: 1 },
  verdict: 'flaky',
  cause: 'too loud',
  counterexample: { schema: 1, ...where, transport: 'fetch', ...told },
  history: [{ kind: 'mode', to: 'on' }],
}

/** Rechecks one flaky verdict. `answer` says how often the cause came back in each process. */
async function recheckOne(answer: (changes: Replayed, process: number) => Verdict[]) {
  const result: CaseResult = {
    ...{ runtime: 'any', scenario: 'some', stale: [], leftOut: [], notes: [] },
    verdicts: [flaky],
  }
  const asked: Replayed[] = []
  await recheckFlaky([result], 7, async (_, changes) => {
    asked.push(changes)
    return answer(changes, asked.length - 1)
  })
  return { verdict: result.verdicts[0] as Verdict, asked }
}

const back = (times: number, changes: Partial<Verdict> = {}): Verdict[] =>
  times === 0 ? [{ ...flaky, verdict: 'holds' }] : [{ ...flaky, verdict: 'violated', times, ...changes }]

describe('recheckFlaky', () => {
  it('says violated if the violation comes back in the first plan of a process', async () => {
    const { verdict, asked } = await recheckOne(() => back(1))
    expect(verdict).toMatchObject({ verdict: 'violated', plans: 5, witnesses: 40, history: flaky.history })
    expect(verdict.reason).toBe('the violation occurs only in the first plan of a process')
    expect(asked).toHaveLength(1)
  })

  it('says violated with the rate if the violation comes back with delays', async () => {
    const { verdict, asked } = await recheckOne((_, process) => back([0, 0, 2, 0, 1][process] ?? 0))
    expect(verdict).toMatchObject({ verdict: 'violated', plans: 5, history: flaky.history })
    expect(verdict.reason).toBe('it came back in 3 of 20 runs over http with random delays (seed 7)')
    const delayed = asked.slice(1)
    expect(delayed.map(({ transport, replay }) => [transport, replay.repeat])).toEqual(
      [7, 8, 9, 10].map((seed) => ['http', { times: 5, seed }]),
    )
  })

  it('stays flaky with its history if the violation never comes back', async () => {
    const { verdict } = await recheckOne(() => back(0))
    expect(verdict).toMatchObject({ verdict: 'flaky', history: flaky.history })
    expect(verdict.reason).toBe('it came back in 0 of 20 runs over http with random delays (seed 7)')
  })

  it('does not take another cause for the one that was seen', async () => {
    const { verdict } = await recheckOne(() => back(5, { cause: 'too shrill' }))
    expect(verdict.verdict).toBe('flaky')
  })
})
