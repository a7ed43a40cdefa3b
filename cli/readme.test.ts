import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
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
  // A line that it cuts ends in ….
  it('shows an adapter that can be run, and what is printed of its bug, line by line', async () => {
    const [, adapter] = /```ts\n([^`]*export const runtime =[\s\S]*?)```/.exec(readme) ?? []
    await mkdir(join(folder, 'mine'))
    await writeFile(join(folder, 'mine', 'adapter.ts'), adapter ?? '')
    const args = ['--scenario', 'sessions', '--seed', '1', '--out', folder]
    const json = join(folder, 'report.json')
    const ended = await run('--runtime', join(folder, 'mine'), ...args, '--json', json)
    const { verdicts } = readReport({ ...ended, stdout: await readFile(json, 'utf8') })
    const violated = verdicts.filter(({ verdict }) => verdict === 'violated')
    expect(violated.map(({ invariant }) => invariant)).toEqual(['next-turn-accepted'])
    expect(violated[0]?.counterexample?.violations[0]?.message).toContain('items-found')
    expect(ended.code).toBe(exitCodes.violated)

    const printed = ended.stdout
      .replaceAll(`./${relative(root, folder)}/`, './')
      .replaceAll(`${basename(folder)}/`, '')
    const [shown = ''] = /^✗ next-turn-accepted[\s\S]*?(?=\n```)/m.exec(readme) ?? []
    const [told = ''] = /^✗ next-turn-accepted[\s\S]*?\n {4}again: .*/m.exec(printed) ?? []
    const lines = shown.split('\n')
    expect(lines.length).toBeGreaterThan(20)
    const cut = told.split('\n').map((line, at) => {
      const own = lines[at] ?? ''
      return own.endsWith('…') && line.startsWith(own.slice(0, -1)) ? own : line
    })
    expect(lines).toEqual(cut)
  })

  it('says what mends it, and what is found then', async () => {
    const [, adapter = ''] = /```ts\n([^`]*export const runtime =[\s\S]*?)```/.exec(readme) ?? []
    const [include = ''] = /include: \['[\w.]+'\]/.exec(readme) ?? []
    await mkdir(join(folder, 'mended'))
    await writeFile(
      join(folder, 'mended', 'adapter.ts'),
      adapter.replace('input: history,', `input: history, ${include},`),
    )
    const args = ['--scenario', 'sessions', '--scenario', 'stream-errors', '--seed', '1', '--out', folder]
    const report = readReport(await run('--runtime', join(folder, 'mended'), ...args, '--json', '-'))
    const violated = report.verdicts.filter(({ verdict }) => verdict === 'violated')
    expect(violated.map(({ scenario, invariant }) => [scenario, invariant])).toEqual([
      ['stream-errors', 'next-turn-accepted'],
    ])
    expect(violated[0]?.counterexample?.violations[0]?.message).toContain('reasoning-followed')
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
