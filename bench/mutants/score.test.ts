import { expect, test } from 'vitest'
import type { MeasuredMutant } from './measure-mutants.ts'
import type { Killed } from './mutant.ts'
import { computeScore, FEW_PLANS, judgeMutant } from './score.ts'
import type { Survivor } from './survivors.ts'

const key = { file: 'a.ts', text: 'if (a) {', original: 'a', mutated: 'true', nth: 1 }
const must: Killed = { fact: 'must', invariant: 'run-settles-once', message: 'it does not' }
const refused: Killed = { fact: 'not-loaded', message: 'no adapter' }

function measured(killed: Killed | null): MeasuredMutant {
  const mutant = { runtime: 'mine', id: '1', line: 3, ...key }
  if (killed === null) return { mutant, tried: { id: '1', killed, plans: 500, reached: 7, shoulds: [] } }
  return { mutant, tried: { id: '1', killed, plans: 2 } }
}

function listed(status: Survivor['status']): Survivor[] {
  return [{ ...key, status, why: 'because of that', source: 'a page' }]
}

test.each([
  ['killed, not listed', must, [], 'killed', undefined],
  ['killed, but listed', must, listed('equivalent'), 'killed', 'remove the entry'],
  ['not killed, not listed', null, [], 'survived', 'judge it and add: - { status: open, file: "a.ts"'],
  ['not killed, open', null, listed('open'), 'survived', undefined],
  ['not killed, tolerated', null, listed('tolerated'), 'tolerated', undefined],
  ['not killed, equivalent', null, listed('equivalent'), 'equivalent', undefined],
] as const)('%s', (_, killed, entries, status, problem) => {
  const judged = judgeMutant(measured(killed), entries)
  expect(judged).toMatchObject({ status, file: 'runtimes/mine/a.ts', line: 3, plans: killed ? 2 : 500 })
  if (problem === undefined) expect(judged.problem).toBeUndefined()
  else expect(judged.problem).toContain(problem)
})

test.each([
  [FEW_PLANS, 'mutants.yaml calls it open; remove the entry'],
  [FEW_PLANS + 1, undefined],
])('an open mutant that %i plans kill: %s', (plans, problem) => {
  const { mutant } = measured(must)
  const judged = judgeMutant({ mutant, tried: { id: '1', killed: must, plans } }, listed('open'))
  expect(judged.problem).toBe(problem)
})

test('the score leaves out equivalent mutants, and counts tolerated ones as not killed', () => {
  const mutants = [
    ...[must, must, refused].map((killed) => judgeMutant(measured(killed), [])),
    judgeMutant(measured(null), []),
    ...(['tolerated', 'equivalent', 'equivalent'] as const).map((status) =>
      judgeMutant(measured(null), listed(status)),
    ),
  ]
  expect(computeScore(mutants)).toEqual({
    killed: 3,
    killedByMust: 2,
    survived: 1,
    tolerated: 1,
    equivalent: 2,
    score: 3 / 5,
  })
})
