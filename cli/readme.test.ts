import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exitCodes } from './exit-codes.ts'
import { run } from './testing/conform.ts'
import { readReport } from './testing/report.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
let readme = ''
let adapter = ''
let folder = ''
beforeAll(async () => {
  readme = await readFile(join(root, 'README.md'), 'utf8')
  adapter = /```ts\n([^`]*export const runtime\b[\s\S]*?)```/.exec(readme)?.[1] ?? ''
  // The folder is inside the project, because the adapter imports the project's `openai`.
  await mkdir(join(root, 'conform-results'), { recursive: true })
  folder = await mkdtemp(join(root, 'conform-results', 'readme-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('README', () => {
  it('shows an adapter that has the right types as runtimes/mine/adapter.ts, also with the bug fixed', async () => {
    const files = ['mine', 'fixed'].map((name) => join(folder, 'runtimes', name, 'adapter.ts'))
    for (const file of files) {
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, file.includes('fixed') ? fixed() : adapter)
    }
    // With two roots, `../../harness` in the adapter leads to the project's own folder.
    const compilerOptions = { rootDirs: [root, folder], noEmit: true, skipLibCheck: true }
    const config = { extends: join(root, 'tsconfig.json'), compilerOptions, include: [], files }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const tsc = promisify(execFile)(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { cwd: root })
    await expect(tsc.catch(({ stdout }: { stdout: string }) => Promise.reject(stdout))).resolves.toBeDefined()
  })

  // A line that README shortens ends in ….
  it('shows what is printed of the bug in that adapter, line by line', async () => {
    await mkdir(join(folder, 'mine'))
    await writeFile(join(folder, 'mine', 'adapter.ts'), adapter)
    const args = ['--scenario', 'sessions', '--seed', '1', '--out', folder]
    const json = join(folder, 'report.json')
    const ended = await run('--runtime', join(folder, 'mine'), ...args, '--json', json)
    const { verdicts } = readReport({ ...ended, stdout: await readFile(json, 'utf8') })
    const violated = verdicts.filter(({ verdict }) => verdict === 'violated')
    expect(violated.map(({ invariant }) => invariant)).toEqual(['next-turn-accepted'])
    expect(violated[0]?.counterexample?.violations[0]?.message).toContain('items-found')
    expect(ended.code).toBe(exitCodes.violated)

    // README's runtime is one of the project, which needs no `--runtime` to be replayed.
    const printed = ended.stdout
      .replaceAll(`./${relative(root, folder)}/`, './')
      .replaceAll(`${basename(folder)}/`, '')
      .replaceAll(' --runtime ./mine', '')
    const [, shown = ''] = /^\$ conform --runtime mine .*\n([\s\S]*?)\n…\n```/m.exec(readme) ?? []
    const lines = shown.split('\n')
    expect(lines.length).toBeGreaterThan(20)
    const cut = printed.split('\n').map((line, at) => {
      const own = lines[at] ?? ''
      return own.endsWith('…') && line.startsWith(own.slice(0, -1)) ? own : line
    })
    expect(lines).toEqual(cut.slice(0, lines.length))
  })

  it('says what fixes the bug, and what is found then', async () => {
    await mkdir(join(folder, 'fixed'))
    await writeFile(join(folder, 'fixed', 'adapter.ts'), fixed())
    const args = ['--scenario', 'sessions', '--scenario', 'stream-errors', '--seed', '2', '--out', folder]
    const report = readReport(await run('--runtime', join(folder, 'fixed'), ...args, '--json', '-'))
    const violated = report.verdicts.filter(({ verdict }) => verdict === 'violated')
    expect(violated.map(({ scenario, invariant }) => [scenario, invariant])).toEqual([
      ['stream-errors', 'next-turn-accepted'],
    ])
    expect(violated[0]?.counterexample?.violations[0]?.message).toContain('reasoning-followed')
  })

  it('lists every scenario and every runtime', async () => {
    const listed = JSON.parse((await run('list', '--json', '-')).stdout) as Record<string, { name: string }[]>
    const namesOf = (key: string) => (listed[key] ?? []).map(({ name }) => name).toSorted()
    expect(firstCells('scenario')).toEqual(namesOf('scenarios'))
    expect(firstCells('runtime')).toEqual(namesOf('runtimes'))
  })

  it('lists every command, and every option of conform', async () => {
    const { stdout } = await run('--help')
    const commands = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name)
    const shown = firstCells('command').map((cell) => cell.split(' ')[1] ?? 'run')
    expect(shown.toSorted()).toEqual(commands.filter((name) => name !== 'help').toSorted())
    for (const [, command = ''] of readme.matchAll(/`conform ([a-z]+)\b/g))
      expect(commands).toContain(command)
    const help = (await run('run', '--help')).stdout
    const options = [...help.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, option]) => option)
    expect(options.length).toBeGreaterThan(10)
    const described = firstCells('option').map((cell) => cell.split(' ')[0])
    expect(described).toEqual(options.filter((option) => option !== '--help').toSorted())
  })

  it('lists every exit code', () => {
    const [, list = ''] = /^Exit codes: ([\s\S]*?)\n\n/m.exec(readme) ?? []
    expect([...list.matchAll(/\*\*(\d)\*\*/g)].map(([, code]) => Number(code))).toEqual(
      Object.values(exitCodes).toSorted(),
    )
  })
})

/** Returns README's adapter with the fix that README names. */
function fixed(): string {
  const [include = ''] = /include: \['[\w.]+'\]/.exec(readme) ?? []
  return adapter.replace('input: history,', `input: history, ${include},`)
}

/** Returns the first cells of the tables with this heading, without their marks, sorted. */
function firstCells(heading: string): string[] {
  const tables = readme.matchAll(new RegExp(`^\\| ${heading} \\|.*\\n\\| -.*\\n((?:\\|.*\\n)*)`, 'gm'))
  const rows = [...tables].flatMap(([, body = '']) => body.trimEnd().split('\n'))
  const links = rows.map((row) => (row.split('|')[1] ?? '').trim().replace(/\[(.*?)\]\(.*?\)/g, '$1'))
  return links.map((cell) => cell.replaceAll('`', '')).toSorted()
}
