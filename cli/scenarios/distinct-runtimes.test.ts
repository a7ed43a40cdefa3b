import { expect, test } from 'vitest'
import { isLabel } from '../../harness/contract/label.ts'
import { listDefaultSubjects } from '../../harness/vitest/projects.ts'
import type { Subject } from '../../harness/vitest/settings.ts'
import type { CaseResult } from '../../reports/run-report.ts'
import { makeRuntimesDistinct, requireAskedVersions } from './distinct-runtimes.ts'

/** One verdict of a runtime that was asked for as `asked` and calls itself `name`. */
function resultOf(asked: string, name: string, version: string): CaseResult {
  const promised = {
    level: 'must',
    statement: '',
    source: '',
    verdict: 'holds',
    plans: 1,
    witnesses: 1,
  } as const
  const verdict = { ...promised, runtime: name, version, scenario: 's', invariant: 'i', mode: 'on' }
  return { runtime: asked, scenario: 's', verdicts: [verdict], stale: [], leftOut: [], notes: [] }
}

const named = (asked: string): Subject => ({ name: asked, folder: `/elsewhere/${asked}` })
const own = listDefaultSubjects().find(({ name }) => name === 'openai-loop') as Subject

test.each<[string, [asked: string, name: string, version: string][], string[]]>([
  ['one adapter', [['mine', 'theirs', '1']], ['theirs']],
  [
    'two adapters of one name and version',
    [
      ['a', 'same', '1'],
      ['b', 'same', '1'],
    ],
    ['same (a)', 'same (b)'],
  ],
  [
    'two versions of one name',
    [
      ['a', 'same', '1'],
      ['b', 'same', '2'],
    ],
    ['same', 'same'],
  ],
  [
    'two of one name, and one tells no version',
    [
      ['a', 'same', '1'],
      ['b', 'same', ''],
    ],
    ['same (a)', 'same (b)'],
  ],
  [
    'a folder that is called as it calls itself, and another that calls itself so',
    [
      ['same', 'same', '1'],
      ['b', 'same', '1'],
    ],
    ['same', 'same (b)'],
  ],
  [
    'an adapter that calls itself a runtime of this project',
    [['mine', 'openai-loop', '9']],
    ['openai-loop (mine)'],
  ],
  ['one that calls itself a defect of it', [['mine', 'reference+x', '9']], ['reference+x (mine)']],
  [
    'the runtime of this project beside one that calls itself so',
    [
      ['openai-loop', 'openai-loop', '0.1.0'],
      ['./openai-loop', 'openai-loop', '0.1.0'],
    ],
    ['openai-loop', 'openai-loop (./openai-loop)'],
  ],
  [
    'two versions of a runtime of this project',
    [
      ['openai-agents', 'openai-agents', '2'],
      ['openai-agents@1.0.0', 'openai-agents', '1.0.0'],
    ],
    ['openai-agents', 'openai-agents'],
  ],
])('%s', (_, told, expected) => {
  const asked = told.map(([name]) => (name === 'openai-loop' ? own : named(name)))
  const results = makeRuntimesDistinct(
    told.map((one) => resultOf(...one)),
    asked,
  )
  expect(results.map(({ verdicts }) => verdicts[0]?.runtime)).toEqual(expected)
})

test('a name stays one that a counterexample can hold, and two long ones stay two', () => {
  const long = (end: string) => `/${'x'.repeat(300)}/${end}`
  const asked = [named(long('a')), named(long('b'))]
  const names = makeRuntimesDistinct(
    asked.map(({ name }) => resultOf(name, 'y'.repeat(200), '1')),
    asked,
  ).map(({ verdicts }) => verdicts[0]?.runtime)
  expect(names.every(isLabel)).toBe(true)
  expect(new Set(names).size).toBe(2)
})

test('a version that was named of a runtime that tells another one is wrong usage', () => {
  const results = [resultOf('reference', 'reference', '0.1.0\u202e')]
  expect(() => requireAskedVersions(results, new Map([['reference', '0.2.0']]))).toThrow(
    '--runtime: found reference@0.2.0, expected the installed reference@0.1.0\\u202e',
  )
  expect(() => requireAskedVersions(results, new Map())).not.toThrow()
})
