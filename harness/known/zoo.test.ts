import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { readManifest } from '../environments/manifest.ts'
import type { Verdict, VerdictName } from '../explore/verdict.ts'
import { formatPlan } from '../plan/codec.ts'
import { createPlainPlan } from '../testing/plans.ts'
import { judgeZooRow, listManifestAndZooReleases, readZooRows } from './zoo.ts'

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

/** Returns a folder with a runtime in Python, or with none, and rows that choose packages. */
function writeRows(chosen: readonly string[][], hasManifest = true): string {
  const folder = mkdtempSync(join(tmpdir(), 'zoo-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 'zoo'))
  writeFileSync(join(folder, 'zoo', 'plan.json'), formatPlan(createPlainPlan({ kind: 'reset', at: 3 })))
  writeFileSync(join(folder, 'driver.py'), '')
  const manifest = {
    ...{ about: 'x', language: 'python', driver: 'driver.py', package: 'core', version: '1.0' },
    ...{ requires: ['beside==2.0', 'sdk>=1'], oldest: { beside: '1.0' } },
  }
  if (hasManifest) writeFileSync(join(folder, 'manifest.yaml'), JSON.stringify(manifest))
  const row = {
    ...{ seed: 'one', version: '1.0', scenario: 'stream-errors', plan: 'zoo/plan.json' },
    ...{ invariant: 'run-settles-once', colour: 'red', link: 'x' },
  }
  writeFileSync(join(folder, 'zoo.yaml'), JSON.stringify(chosen.map((one) => ({ ...row, with: one }))))
  return folder
}

test('rows choose packages, and each choice is a release with a lock of its own', () => {
  const folder = writeRows([[], ['Beside@1.5'], ['beside@1.5'], ['beside@2.0'], ['beside@1.5', 'sdk@1.2']])
  const chosen = [{ beside: '1.5' }, { beside: '1.5', sdk: '1.2' }]
  const [one, other] = chosen
  expect(readZooRows(folder).map(({ beside }) => beside)).toEqual([undefined, one, one, undefined, other])
  const releases = listManifestAndZooReleases(readManifest(folder))
  expect(releases).toEqual([{ version: '1.0' }, ...chosen.map((beside) => ({ version: '1.0', beside }))])
})

test.each([
  [['besid@1.5'], /zoo\.yaml: \$\[0\]\.with: found the package "besid", expected perhaps beside$/],
  [['beside@latest'], /\$\[0\]\.with: found "beside@latest", expected an exact version of PEP 440/],
  [['beside@0.9'], /\$\[0\]\.with: found "beside@0\.9", expected beside 1\.0 or later/],
])('a row that chooses %j is told with its place', (chosen, message) => {
  const folder = writeRows([chosen])
  expect(() => readZooRows(folder)).toThrow(message)
})

test('a row of a runtime in TypeScript chooses no package', () => {
  const folder = writeRows([['beside@1.5']], false)
  expect(() => readZooRows(folder)).toThrow(
    /\$\[0\]\.with: found beside@1\.5, expected nothing without a manifest/,
  )
})
