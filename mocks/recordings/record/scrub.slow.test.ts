import { test } from 'vitest'
import { expectNoLeaks } from '../testing/expect-no-leaks.ts'

test('none of 20,000 planted secrets is in a written file', () => expectNoLeaks(20_000))
