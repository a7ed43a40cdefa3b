import { it } from 'vitest'
import { expectNoCrash } from './testing/fuzzed.ts'

it('700 damaged files crash no reader, start no process and write nothing elsewhere', () =>
  expectNoCrash(Math.floor(Math.random() * 2 ** 31), 700))
