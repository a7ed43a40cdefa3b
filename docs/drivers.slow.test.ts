import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { exitCodes } from '../cli/exit-codes.ts'
import { run } from '../cli/testing/conform.ts'

test('the Python driver of drivers.md runs, and breaks no rule in sessions', async () => {
  const page = await readFile(new URL('drivers.md', import.meta.url), 'utf8')
  const folder = await mkdtemp(join(tmpdir(), 'docs-driver-'))
  try {
    await mkdir(join(folder, 'mine-python'))
    for (const [, file = '', text = ''] of page.matchAll(/`([\w.]+)`:\n\n```\w+\n([\s\S]*?)```/g))
      await writeFile(join(folder, 'mine-python', file), text)
    const args = ['--scenario', 'sessions', '--seed', '1', '--runs', '10', '--out', folder]
    const { code, stdout, stderr } = await run('--runtime', join(folder, 'mine-python'), ...args)
    expect(stdout, stderr).toContain('mine-python 3.52.0')
    expect(code, stdout + stderr).toBe(exitCodes.expected)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
