import { expect, test } from 'vitest'
import type { JudgedMutant, Score } from '../bench/mutants/score.ts'
import { run } from './testing/conform.ts'

interface Result {
  score: Score
  mutants: JudgedMutant[]
  stale: string[]
}

// Fewer plans than by default, so that mutants that survive cost less. docs/mutants.md has the score of a larger sample.
const args = ['--sample', '40', '--seed', '1', '--plans', '60', '--json', '-']

test('mutants.yaml lists the mutants that survive, and most others are killed', async () => {
  const { code, stdout, stderr } = await run('mutate', ...args)
  expect(stderr).toBe('')
  const { score, mutants, stale } = JSON.parse(stdout) as Result
  expect(stale).toEqual([])
  expect(mutants.flatMap(({ problem = [] }) => problem)).toEqual([])
  expect(mutants).toHaveLength(40)
  expect(score.score).toBeGreaterThan(0.75)
  expect(code).toBe(0)
})
