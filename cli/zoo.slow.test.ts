import { expect, it } from 'vitest'
import { exitCodes } from './exit-codes.ts'
import { run } from './testing/conform.ts'

it('every row of every runtime has its colour, in the environment of its version', async () => {
  const { code, stdout, stderr } = await run('zoo')
  expect(`${stderr}${stdout}`).toMatch(/\d+ rows passed\.\n$/)
  expect(code).toBe(exitCodes.expected)
}, 900_000)
