import { test } from 'vitest'
import { expectNoLeaks } from '../testing/expect-no-leaks.ts'

// Four tests, so that none runs into its time limit on a busy machine.
test.each([1, 2, 3, 4])('none of 20,000 planted secrets is in a written file: quarter %i', () =>
  expectNoLeaks(5_000),
)
