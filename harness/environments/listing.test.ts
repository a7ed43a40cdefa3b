import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { listPublishedVersions, selectVersions } from './listing.ts'

const all = ['0.1.0', '1.0.0b1', '1.0.0rc1', '1.0.0', '1.1.0b1', '1.1.0']

test.each([
  ['0.1.0', '1.1.0', ['0.1.0', '1.0.0', '1.1.0']],
  ['1.1.0', '0.1.0', ['0.1.0', '1.0.0', '1.1.0']],
  ['1.0.0b1', '1.1.0', ['1.0.0b1', '1.0.0rc1', '1.0.0', '1.1.0b1', '1.1.0']],
  ['1.0.0', '1.0.0', ['1.0.0']],
])('between %s and %s lie %j', (one, other, expected) => {
  expect(selectVersions(all, one, other, 'pypi')).toEqual(expected)
})

test('each registry tells its versions through its ordinary client, the oldest first', async () => {
  const cache = await mkdtemp(join(tmpdir(), 'listing-'))
  try {
    const npm = await listPublishedVersions({ registry: 'npm', package: 'is-odd' }, cache)
    expect(npm.slice(0, 3)).toEqual(['0.1.0', '0.1.1', '0.1.2'])
    const pypi = await listPublishedVersions({ registry: 'pypi', package: 'six' }, cache)
    expect(pypi.indexOf('1.15.0')).toBeLessThan(pypi.indexOf('1.16.0'))
    const none = listPublishedVersions({ registry: 'npm', package: 'is-odd-no-such-package-at-all' }, cache)
    await expect(none).rejects.toThrow(/is-odd-no-such.*expected its versions on npm/)
  } finally {
    await rm(cache, { recursive: true, force: true })
  }
})
