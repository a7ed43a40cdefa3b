import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findCacheFolder } from '../harness/environments/cache.ts'
import { prepareDriver } from '../harness/environments/environment.ts'
import { readManifest } from '../harness/environments/manifest.ts'
import { readZooRows, type ZooRow } from '../harness/known/zoo.ts'
import { listRequestedSubjects } from '../harness/vitest/projects.ts'
import { exitCodes } from './exit-codes.ts'
import { run } from './testing/conform.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conform-repro-python-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Bugs that the script does not show, with what it says differs from the harness. */
const NOT_SHOWN = new Map([
  // Of two overlapping runs the other one loses its hooks, because the script lets them go on in another order.
  ['agentscope-hook-guard', 'hooks'],
])

/** Runs a file with the Python of a row's version alone, in an empty folder. */
async function runFile(file: string, runtime: string, { version, beside }: ZooRow) {
  const { command } = await prepareDriver(readManifest(runtime), version, findCacheFolder(), beside)
  const cwd = await mkdtemp(join(folder, 'empty-'))
  const child = spawn(command, [file], { cwd, env: { PATH: process.env['PATH'] } })
  const written = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      written[name] += text
    })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, ...written, left: await readdir(cwd) }
}

/** Each red row with the green one of the same seed and plan. */
const pairs = listRequestedSubjects()
  .filter((subject) => readManifest(subject.folder).language === 'python')
  .flatMap((subject) => {
    const rows = readZooRows(subject.folder)
    return rows.flatMap((red) => {
      const green = rows.find(
        ({ seed, file, colour }) => colour === 'green' && seed === red.seed && file === red.file,
      )
      return red.colour === 'red' && green ? [{ runtime: subject.name, subject, red, green }] : []
    })
  })

describe('a reproduction in Python', () => {
  it.each(pairs)('shows $red.seed on $runtime $red.version, and none on $green.version', async (pair) => {
    const { runtime, subject, red, green } = pair
    const file = join(folder, `${runtime}-${red.seed}.py`)
    const plan = join(subject.folder, red.file)
    const chosen = Object.entries(red.beside ?? {}).flatMap((one) => ['--with', one.join('@')])
    const args = [
      '--runtime',
      `${runtime}@${red.version}`,
      ...chosen,
      '--invariant',
      red.invariant,
      '--repro',
      file,
    ]
    const { code } = await run('replay', plan, ...args)
    expect(code).toBe(exitCodes.violated)
    expect(await readFile(file, 'utf8')).toMatch(/^# {3}pip install \S+==\S+/m)
    const shown = await runFile(file, subject.folder, red)
    const differs = NOT_SHOWN.get(red.seed)
    expect(shown).toMatchObject({ code: differs === undefined ? 1 : 0, stderr: '', left: [] })
    expect(shown.stdout).toContain(
      differs === undefined
        ? '\nVIOLATED, as in the harness: '
        : `NOT VIOLATED: this run differs from the harness in ${differs}.`,
    )
    const after = await runFile(file, subject.folder, green)
    expect(after).toMatchObject({ code: 0, stderr: '' })
    expect(after.stdout).toContain('NOT VIOLATED: this run differs from the harness in ')
  })
})
