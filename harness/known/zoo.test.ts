import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Verdict, VerdictName } from '../explore/verdict.ts'
import { judgeZooRow } from './zoo.ts'

const ids = ['a', 'b', 'c', 'd'] as const

function verdictsOf(found: Partial<Record<string, VerdictName>>): Verdict[] {
  return ids.map((invariant) => {
    const verdict = found[invariant] ?? 'holds'
    const said = {
      runtime: 'x',
      version: '1',
      scenario: 's',
      mode: 'on',
      plans: 1,
      witnesses: 1,
      statement: '',
      source: '',
    }
    return { ...said, invariant, level: 'must', verdict, reason: 'because' }
  })
}

const sets = fc.subarray(['b', 'c', 'd'])

test('a row is as-said only if exactly its invariants are violated', () => {
  fc.assert(
    fc.property(fc.constantFrom('red', 'green'), sets, fc.subarray([...ids]), (colour, others, violated) => {
      const found = verdictsOf(Object.fromEntries(violated.map((id) => [id, 'violated'])))
      const expected = [...(colour === 'red' ? ['a'] : []), ...others]
      const { result } = judgeZooRow({ invariant: 'a', colour, others }, found)
      expect(result).toBe(expected.toSorted().join() === violated.toSorted().join() ? 'as-said' : 'changed')
    }),
  )
})

const every = Object.fromEntries(ids.map((id) => [id, 'not-applicable' as const]))

test.each<['red' | 'green', Partial<Record<string, VerdictName>>, string[], string]>([
  ['red', { a: 'flaky' }, [], 'changed'],
  ['green', { a: 'flaky' }, [], 'changed'],
  ['green', { a: 'not-applicable' }, [], 'changed'],
  ['red', { a: 'violated', b: 'flaky' }, ['b'], 'as-said'],
  ['red', { a: 'violated', b: 'harness-error' }, [], 'fault'],
  ['green', { c: 'missing' }, [], 'fault'],
  ['red', every, [], 'not-run'],
])('%s with %j and others %j is %s', (colour, found, others, result) => {
  expect(judgeZooRow({ invariant: 'a', colour, others }, verdictsOf(found)).result).toBe(result)
})
