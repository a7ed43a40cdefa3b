import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run } from './testing/conform.ts'

describe('conform defects', () => {
  it.each([1, 2])('finds them all with seed %i', async (seed) => {
    const { code, stdout } = await run('defects', '--seed', String(seed))
    expect(stdout.split('\n').filter((line) => line.startsWith('✗'))).toEqual([])
    expect(code).toBe(0)
  })
})

describe('the runtime without defects', () => {
  it('passes everything', async () => {
    const args = ['--seed', '1', '--runs', '25', '--out', join(import.meta.dirname, '../conform-results')]
    const { code, stdout } = await run('--runtime', 'reference', ...args)
    expect(stdout).toContain('No violations.')
    expect(code).toBe(0)
  })
})
