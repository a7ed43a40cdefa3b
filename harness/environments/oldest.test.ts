import { expect, test } from 'vitest'
import { findTooOldError } from './oldest.ts'

const oldest = { Core_Package: '1.0.0b260212', both: ['2.0.6', '1.0.10'] }

test.each([
  ['core-package', '1.0.0b260211'],
  ['core-package', '1.0.0a999999'],
  ['core-package', '0.99.0'],
  ['core.package', '1.0.0b260212.dev1'],
  ['both', '1.0.9'],
  ['both', '0.1.6'],
  ['both', '2.0.0'],
  ['both', '2.0.6rc1'],
])('%s %s is too old', (name, version) => {
  expect(findTooOldError({ oldest }, name, version)).toMatch(
    /^\S+ [\d.b]+ or later.*, the lowest that the driver can run$/,
  )
})

test.each([
  ['core-package', '1.0.0b260212'],
  ['core-package', '1.0.0rc1'],
  ['core-package', '1.0.0'],
  ['core-package', '10.0.0'],
  ['both', '1.0.10'],
  ['both', '1.99.0'],
  ['both', '2.0.6'],
  ['both', '3.0.0'],
  ['not-named', '0.0.1'],
])('%s %s is new enough', (name, version) => {
  expect(findTooOldError({ oldest }, name, version)).toBeUndefined()
})

test('the message names each lowest version', () => {
  expect(findTooOldError({ oldest }, 'both', '2.0.1')).toBe(
    'both 1.0.10 or later, or 2.0.6 or later, the lowest that the driver can run',
  )
})
