import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exitCodes } from './exit-codes.ts'
import { run } from './testing/conform.ts'
import { readReport } from './testing/report.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
let readme = ''
let folder = ''
beforeAll(async () => {
  readme = await readFile(join(root, 'README.md'), 'utf8')
  // Inside the project, for its `openai` is the adapter's.
  await mkdir(join(root, 'conform-results'), { recursive: true })
  folder = await mkdtemp(join(root, 'conform-results', 'readme-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('README', () => {
  it('shows an adapter that can be run, and has the bug that it is said to have', async () => {
    const [, adapter] = /```ts\n([^`]*export const runtime =[\s\S]*?)```/.exec(readme) ?? []
    await mkdir(join(folder, 'mine'))
    await writeFile(join(folder, 'mine', 'adapter.ts'), adapter ?? '')
    const args = ['--scenario', 'concurrency', '--seed', '1', '--out', folder, '--json', '-']
    const report = readReport(await run('--runtime', join(folder, 'mine'), ...args))
    const violated = report.verdicts.filter(({ verdict }) => verdict === 'violated')
    expect(violated.map(({ invariant }) => invariant)).toEqual(['next-turn-accepted'])
    expect(violated[0]?.counterexample?.violations[0]?.message).toContain('reasoning-followed')
    expect(report.code).toBe(exitCodes.violated)
  })

  it('names only commands and options that there are', async () => {
    const { stdout } = await run('--help')
    const commands = new Set([...stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name))
    for (const [, command = ''] of readme.matchAll(/`conform ([a-z]+)\b/g))
      expect(commands).toContain(command)
    const help = (await run('run', '--help')).stdout
    const [row = ''] = /^\| `conform` \|.*$/m.exec(readme) ?? []
    const options = [...row.matchAll(/--[a-z]+/g)].map(([option]) => option)
    expect(options.length).toBeGreaterThan(10)
    for (const option of options) expect(help).toContain(option)
  })
})
