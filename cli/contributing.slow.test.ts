import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exitCodes } from './exit-codes.ts'
import { runIn } from './testing/conform.ts'
import { readReport } from './testing/report.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const KEPT = 'scenarios/regressions/reasoning-not-stored.json'
const KNOWN = 'runtimes/mine/known.yaml'

/** The code blocks of CONTRIBUTING.md by the file that each names: whole files, and lines to add to a file. */
const blocks = new Map<string, { language: string; text: string }>()
let copy = ''

beforeAll(async () => {
  const contributing = await readFile(join(root, 'CONTRIBUTING.md'), 'utf8')
  for (const [, file = '', language = '', text = ''] of contributing.matchAll(
    /`([\w./-]+)`:\n\n```(\w+)\n([\s\S]*?)```/g,
  ))
    blocks.set(file, { language, text })
  copy = await copyOfProject()
  // The tests that need the runtime add it and its known.yaml themselves.
  for (const file of blocks.keys()) if (file !== KNOWN) await put(file)
}, 60_000)
afterAll(() => rm(copy, { recursive: true, force: true }))

describe('CONTRIBUTING', () => {
  it('names the file of each block of code', () => {
    expect([...blocks.keys()]).toEqual([
      'scenarios/busy-service.ts',
      'harness/invariants/instructions.ts',
      'harness/invariants/examples/instructions.ts',
      'harness/invariants/index.ts',
      'harness/invariants/examples/index.ts',
      'runtimes/reference/defects/instructions-once.ts',
      'runtimes/reference/variants/brief-instructions.ts',
      KEPT,
      KNOWN,
      'reports/csv.ts',
      'cli/commands/run.ts',
      'mocks/transports/late.ts',
      'mocks/transports.ts',
    ])
  })

  it('shows code that has the types and the form of this project', async () => {
    const files = [...blocks.keys()].filter((file) => file !== KNOWN)
    const checks = [tool('tsc', '--noEmit'), tool('biome', 'check', ...files)]
    for (const check of checks) {
      const { code, said } = await check
      expect(code, said).toBe(0)
    }
  })

  it('shows a scenario of at most 40 lines, which is listed and run with its case', async () => {
    const { text = '' } = blocks.get('scenarios/busy-service.ts') ?? {}
    expect(text.trim().split('\n').length).toBeLessThanOrEqual(40)
    expect((await runIn(copy, 'list')).stdout).toMatch(
      /^ {2}busy-service\n {6}.*\n {6}busy-service\/once-too-many$/m,
    )
    const report = await conform('--runtime', 'reference', '--scenario', 'busy-service', '--runs', '20')
    const plans = report.verdicts
      .filter(({ invariant }) => invariant === 'next-turn-accepted')
      .map(({ scenario, verdict, plans }) => [scenario, verdict, plans])
    expect(plans).toEqual([
      ['busy-service', 'holds', 20],
      ['busy-service/once-too-many', 'holds', 1],
    ])
    expect(report.code).toBe(exitCodes.expected)
  })

  it('shows an invariant whose examples are its tests and its explanation', async () => {
    const tests = await tool(
      'vitest',
      ...['run', '--project', 'fast', '--reporter', 'verbose', 'harness/invariants/examples.test.ts'],
    )
    expect(tests.code).toBe(0)
    expect(
      tests.said.split('\n').flatMap((line) => / instructions-each-time > ([^…]*)/.exec(line)?.[1] ?? []),
    ).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^holds in history 0/),
        expect.stringMatching(/^is broken: request 2 has no instructions/),
      ]),
    )
    const { stdout } = await runIn(copy, 'explain', 'instructions-each-time')
    expect(stdout).toContain('^ request 2 has no instructions, expected those of a')
  })

  it('shows a defect that breaks it, and is found', async () => {
    const { stdout, code } = await runIn(
      copy,
      ...['defects', '--defect', 'instructions-once', '--seed', '1', '--json', '-'],
    )
    expect(code).toBe(exitCodes.expected)
    expect(JSON.parse(stdout)).toMatchObject({
      defects: [{ name: 'instructions-once', breaks: 'instructions-each-time', result: 'found' }],
    })
  })

  it('shows a variant that breaks no must', async () => {
    const { stdout, code } = await runIn(
      copy,
      ...['variants', '--variant', 'brief-instructions', '--scenario', 'sessions', '--json', '-'],
    )
    expect(code).toBe(exitCodes.expected)
    expect(JSON.parse(stdout)).toMatchObject({ variants: [{ name: 'brief-instructions', violated: [] }] })
  })

  it('shows a report format, behind an option', async () => {
    const file = join(copy, 'verdicts.csv')
    const report = await conform('--runtime', 'reference', '--scenario', 'regressions', '--csv', file)
    const [heading, first, ...rest] = (await readFile(file, 'utf8')).trimEnd().split('\n')
    expect(heading).toBe('runtime,version,scenario,invariant,verdict')
    expect(first).toMatch(/^"reference","\d/)
    expect(rest).toHaveLength(report.verdicts.length - 1)
  })

  it('shows a transport, over which everything holds as before', async () => {
    const report = await conform(
      ...['--runtime', 'reference', '--scenario', 'sessions', '--transport', 'late', '--runs', '20'],
    )
    expect(report.verdicts.filter(({ verdict }) => verdict === 'holds').length).toBeGreaterThan(20)
    expect(report.code).toBe(exitCodes.expected)
    const tests = await tool('vitest', 'run', '--project', 'fast', 'mocks/transports.test.ts')
    expect(tests.code, tests.said).toBe(0)
  })

  it('has a runtime take one folder, and a kept plan run before all else', async () => {
    await putMine()
    expect((await runIn(copy, 'list')).stdout).toMatch(/^ {2}mine$/m)
    // Its file is the smallest, which Vitest would run last. With --bail it would then never run.
    const { verdicts, code } = await conform('--runtime', 'mine', '--bail')
    const violated = verdicts.filter(({ verdict }) => verdict === 'violated')
    expect(violated.map(({ scenario, invariant }) => [scenario, invariant])).toContainEqual([
      'regressions/reasoning-not-stored',
      'next-turn-accepted',
    ])
    expect(code).toBe(exitCodes.violated)
  })

  it('shows an entry of what is known, which turns the violation into an expected one', async () => {
    await putMine()
    await put(KNOWN)
    await mkdir(join(copy, 'runtimes/mine/known'))
    await cp(join(copy, KEPT), join(copy, 'runtimes/mine/known/reasoning-not-stored.json'))
    const report = await conform(
      ...['--runtime', 'mine', '--scenario', 'regressions', '--scenario', 'sessions'],
      ...['--invariant', 'next-turn-accepted'],
    )
    expect(report.stale).toEqual([])
    expect(report.verdicts.map(({ scenario, verdict }) => [scenario, verdict])).toEqual(
      expect.arrayContaining([
        ['regressions/reasoning-not-stored', 'known'],
        ['sessions', 'known'],
      ]),
    )
    expect(report.code).toBe(exitCodes.expected)
  })
})

async function conform(...args: string[]) {
  return readReport(await runIn(copy, ...args, '--seed', '1', '--json', '-'))
}

/** Runs a tool of the project in the copy. Returns its exit code and all that it printed. */
async function tool(name: string, ...args: string[]): Promise<{ code: number; said: string }> {
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' }
  return promisify(execFile)(join(copy, 'node_modules/.bin', name), args, { cwd: copy, env }).then(
    ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
    ({ code, stdout, stderr }: Record<'stdout' | 'stderr', string> & { code: number }) => ({
      code,
      said: stdout + stderr,
    }),
  )
}

/** Writes a block to the file that it names. */
async function put(file: string): Promise<void> {
  const { language, text } = blocks.get(file) ?? { language: '', text: '' }
  if (language === 'diff') await write(file, withLines(await readFile(join(copy, file), 'utf8'), text, file))
  else await write(file, text)
}

/** Adds README's runtime to the copy. */
async function putMine(): Promise<void> {
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  const [, adapter = ''] = /```ts\n([^`]*export const runtime\b[\s\S]*?)```/.exec(readme) ?? []
  await write('runtimes/mine/adapter.ts', adapter)
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(copy, file)), { recursive: true })
  await writeFile(join(copy, file), text)
}

/** Returns a file with the changes of a diff. Each hunk must fit at exactly one place. */
function withLines(text: string, diff: string, file: string): string {
  return diff.split(/^@@\n/m).reduce((before, hunk) => {
    const lines = hunk.trimEnd().split('\n')
    const without = lines.filter((line) => !line.startsWith('+')).map((line) => `${line.slice(1)}\n`)
    const changed = lines.filter((line) => !line.startsWith('-'))
    const [above, below, ...more] = before.split(without.join(''))
    expect({ file, hunk, places: above === undefined || below === undefined ? 0 : 1 + more.length }).toEqual({
      file,
      hunk,
      places: 1,
    })
    return [above, below].join(changed.map((line) => `${line.slice(1)}\n`).join(''))
  }, text)
}

/** Copies the project without results and caches, and links its packages. Returns the folder. */
async function copyOfProject(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'contributing-'))
  const left = /(^|\/)(node_modules|conform-results|\.[^/]+)$/
  await cp(root, folder, { recursive: true, filter: (path) => !left.test(path.replace(/\/$/, '')) })
  const runtimes = (await readdir(join(root, 'runtimes'))).map((name) => `runtimes/${name}/`)
  for (const packages of ['', ...runtimes].map((path) => `${path}node_modules`))
    await symlink(join(root, packages), join(folder, packages)).catch(() => undefined)
  return folder
}
