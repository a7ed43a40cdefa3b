import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run } from './testing/conform.ts'

describe('conform defects', () => {
  // The fast tests use seed 1.
  it('finds them all with seed 2', async () => {
    const { code, stdout } = await run('defects', '--seed', '2')
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
