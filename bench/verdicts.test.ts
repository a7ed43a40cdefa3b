import { expect, test } from 'vitest'
import { compareVerdicts } from './verdicts.ts'

test('one seed gives one list of verdicts, in two processes and twice in each', async () => {
  const { lists } = await compareVerdicts(2, 2, { seed: 3, runs: 2 })
  expect(Object.values(lists)).toEqual([4])
})
