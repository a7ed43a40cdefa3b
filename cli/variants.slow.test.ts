import { describe, expect, it } from 'vitest'
import { run } from './testing/conform.ts'

describe('conform variants', () => {
  // The fast tests use seed 1 and one plan per scenario.
  it('finds no broken must in all scenarios with seed 2', async () => {
    const { code, stdout } = await run('variants', '--runs', '2', '--seed', '2')
    expect(stdout.split('\n').filter((line) => line.startsWith('✗'))).toEqual([])
    expect(code).toBe(0)
  })
})
