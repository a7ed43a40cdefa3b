import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exitCodes } from './exit-codes.ts'
import { BROKEN, writeBrokenRuntime } from './testing/broken-runtime.ts'
import { start } from './testing/conform.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conform-test-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('conform --watch', () => {
  it('runs again when a file of the runtime changes, with that change, until it is interrupted', async () => {
    const broken = await writeBrokenRuntime(folder, 'broken')
    const args = ['--scenario', 'sessions', '--invariant', BROKEN, '--runs', '5', '--seed', '1']
    const watching = start('--runtime', broken, ...args, '--out', folder, '--watch')
    const table = /sessions +([✓✗]) \d+[\s\S]*Waiting for a file to change\. Press Ctrl\+C to end\.\n/
    await watching.prints(table)
    await appendFile(join(broken, 'adapter.ts'), 'runtime.version = "0.2.0"\n')
    await watching.prints(new RegExp(`${table.source}[\\s\\S]*broken 0\\.2\\.0[\\s\\S]*${table.source}`))
    const { code, stderr } = await watching.stop()
    expect(code).toBe(exitCodes.violated)
    expect(stderr).toBe('')
  })
})
