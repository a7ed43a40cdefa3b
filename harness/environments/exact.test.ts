import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findExactVersionError, isPrerelease, type Registry } from './exact.ts'

const registries: Registry[] = ['pypi', 'npm', 'go']
const triple = fc.tuple(fc.nat(999), fc.nat(999), fc.nat(999)).map((parts) => parts.join('.'))

test('a release of three numbers is exact on every registry', () => {
  fc.assert(
    fc.property(triple, (version) => {
      for (const registry of registries) {
        expect(findExactVersionError(version, registry)).toBeUndefined()
        expect(isPrerelease(version, registry)).toBe(false)
      }
    }),
  )
})

test.each([
  ['pypi', '1.0.0b260212', true],
  ['pypi', '1.0.0rc6', true],
  ['pypi', '2.1.post1', false],
  ['pypi', '1.0.dev3', true],
  ['npm', '1.0.0-beta.1', true],
  ['go', '3.0.0-rc1', true],
] as const)('%s takes %s', (registry, version, before) => {
  expect(findExactVersionError(version, registry)).toBeUndefined()
  expect(isPrerelease(version, registry)).toBe(before)
})

const hostile = [
  '',
  'latest',
  '^1.2.3',
  '>=1',
  '1.x',
  '01.2.3',
  '1.2.3+local',
  '1!1.0',
  ' 1.2.3',
  '1.2.3\n',
  '../1.2.3',
]
const elsewhere = [
  'git+ssh://a/b',
  'file:../x',
  'npm:other@1.0.0',
  'https://example.invalid/a.tgz',
  '1.2.3/../../x',
]

test.each([...hostile, ...elsewhere, `1.${'9'.repeat(90)}.0`])('no registry takes %j', (version) => {
  for (const registry of registries)
    expect(findExactVersionError(version, registry)).toMatch(/^an exact version/)
})
