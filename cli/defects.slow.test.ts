import { describe, expect, it } from 'vitest'
import { run } from './testing/conform.ts'

describe('conform defects', () => {
  it.each([2, 3])('finds them all with seed %i, too', async (seed) => {
    const { code, stdout } = await run('defects', '--seed', String(seed))
    expect(stdout.split('\n').filter((line) => line.startsWith('✗'))).toEqual([])
    expect(code).toBe(0)
  })
})
