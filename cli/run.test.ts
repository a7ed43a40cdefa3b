import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { comparisons, invariants } from '../harness/invariants/index.ts'
import { exitCodes } from './exit-codes.ts'
import { BROKEN, writeBrokenRuntime } from './testing/broken-runtime.ts'
import { run } from './testing/conform.ts'
import { readReport } from './testing/report.ts'

let folder = ''
let broken = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conform-test-'))
  broken = await writeBrokenRuntime(folder, 'broken')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const few = ['--scenario', 'stream-errors', '--runs', '10', '--seed', '7']
const own = 'mocks/recordings/own'

describe('conform', () => {
  it('says the same twice for one seed, on pure JSON, and ends with 1 where a must is violated', async () => {
    const args = ['--runtime', broken, ...few, '--scenario', 'concurrency', '--json', '-']
    const [first, second] = await Promise.all(
      ['a', 'b'].map((out) => run(...args, '--out', join(folder, out))),
    )
    const report = readReport(first as NonNullable<typeof first>)
    expect(second?.stdout).toBe(first?.stdout)
    expect(report.code).toBe(exitCodes.violated)
    expect(report.seed).toBe(7)
    expect(report.runtimes).toEqual([{ name: 'broken', version: '0.1.0' }])
    const violated = report.verdicts.filter(({ verdict }) => verdict === 'violated')
    expect(violated.map(({ invariant }) => invariant)).toContain(BROKEN)
    const cases = new Set(report.verdicts.map(({ scenario }) => scenario))
    expect([...cases]).toEqual(expect.arrayContaining(['stream-errors', 'concurrency']))
    // A broken rule has one verdict for each cause.
    const checks = new Set(report.verdicts.map(({ scenario, invariant }) => `${scenario} ${invariant}`))
    expect(checks.size).toBe(cases.size * (invariants.length + comparisons.length))
    const causes = report.verdicts.map(({ scenario, invariant, cause }) =>
      [scenario, invariant, cause].join(' '),
    )
    expect(new Set(causes).size).toBe(report.verdicts.length)
    for (const { statement, source } of report.verdicts) expect(statement && source).toBeTruthy()
    expect((await readdir(join(folder, 'a'))).length).toBe(
      report.verdicts.filter(({ counterexample }) => counterexample).length,
    )
  })

  it('prints a table, each violation with its smallest plan and what replays it, the seed in the last line', async () => {
    const { code, stdout } = await run('--runtime', broken, ...few, '--out', folder)
    expect(code).toBe(exitCodes.violated)
    expect(stdout).toMatch(/^scenario +broken 0\.1\.0$/m)
    expect(stdout).toMatch(/^stream-errors \(2 cases\) +✓ \d+ +○ \d+ +✗ \d/m)
    expect(stdout).toContain(`✗ ${BROKEN} (must) on broken 0.1.0, in stream-errors`)
    expect(stdout).toMatch(/^ +run again: npx --yes pnpm@12 conform replay \S+\.json --runtime \S+$/m)
    expect(stdout).toMatch(
      /\(seed 7, 10 plans per scenario, transport fetch, (no network but loopback|network guarded inside the process only)\)\n$/,
    )
  })

  it('checks one invariant, and one recording, where it is asked for them', async () => {
    const args = ['--invariant', BROKEN, '--scenario', 'recordings/text', '--json', '-']
    const { verdicts, code } = readReport(await run('--runtime', 'openai-loop', ...args))
    expect(verdicts.map(({ invariant, scenario }) => [invariant, scenario])).toEqual([
      [BROKEN, 'recordings/text'],
    ])
    expect(verdicts[0]?.verdict).toBe('holds')
    expect(code).toBe(exitCodes.expected)
  })

  it('refuses an adapter with an unknown capability as wrong usage, and names the nearest one', async () => {
    const path = await mkdtemp(join(folder, 'word-'))
    await writeFile(
      join(path, 'adapter.ts'),
      `export const runtime = { name: 'mine', version: '1', supports: new Set(['histroy']), hooks: {}, open() {} }`,
    )
    const { code, stderr } = await run('--runtime', path, '--scenario', 'regressions', '--out', folder)
    expect(code).toBe(exitCodes.usage)
    expect(stderr).toContain('supports: found "histroy", expected perhaps history')
  })

  it('stops at the first finding under --bail, and says so', async () => {
    const args = ['--scenario', 'recordings', '--recordings', own, '--seed', '1', '--bail', '--out', folder]
    const { stdout, code } = await run('--runtime', broken, ...args)
    expect(code).toBe(exitCodes.violated)
    expect(stdout).toContain('--bail: the run stopped at the first failure')
    expect(Number(/^recordings(?: \((\d+) cases\))?/m.exec(stdout)?.[1] ?? 1)).toBeLessThan(10)
  })

  it('keeps two folders of one name apart, in the report and in its files', async () => {
    const out = join(folder, 'twins')
    const [one = '', other = ''] = await Promise.all(
      ['a', 'b'].map((place) => writeBrokenRuntime(join(folder, place), 'mine')),
    )
    const both = ['--runtime', one, '--runtime', other, '--invariant', BROKEN]
    const few = ['--scenario', 'stream-errors', '--runs', '20', '--seed', '1', '--out', out]
    const report = readReport(await run(...both, ...few, '--json', '-'))
    expect(report.runtimes.map(({ name }) => name).toSorted()).toEqual([`mine (${one})`, `mine (${other})`])
    // Two cases on each, and in each of them at least one cause.
    expect(new Set(report.verdicts.map(({ verdict }) => verdict))).toEqual(new Set(['violated']))
    const cases = report.verdicts.map(({ runtime, scenario }) => `${runtime} ${scenario}`)
    expect(new Set(cases).size).toBe(4)
    const files = (await readdir(out)).filter((name) => name.endsWith('.json'))
    expect(files).toHaveLength(report.verdicts.length)
    for (const name of files) {
      const kept = JSON.parse(await readFile(join(out, name), 'utf8')) as { runtime: string }
      expect(kept.runtime).toMatch(/^mine \(.*\)$/)
    }
  })

  it('tells of two recordings with one id which is left out, and does not end with 0', async () => {
    const recordings = join(folder, 'same-id')
    await mkdir(recordings)
    for (const name of ['a.json', 'b.json']) await copyFile(join(own, 'text.json'), join(recordings, name))
    const args = ['--runtime', 'openai-loop', '--scenario', 'recordings', '--recordings', recordings]
    const { code, stdout } = await run(...args, '--out', folder)
    expect(code).toBe(exitCodes.usage)
    expect(stdout).toMatch(
      /recording skipped: .*b\.json: id: found "text", which a recording in .*a\.json also has/,
    )
  })

  it('goes on beside a broken file of recordings, names it, and does not end with 0', async () => {
    const recordings = join(folder, 'recordings')
    await mkdir(recordings)
    await writeFile(join(recordings, 'broken.json'), '{"schema":1,"id":"../../etc","recordings":[]}')
    await copyFile(join(own, 'text.json'), join(recordings, 'text.json'))
    const args = ['--scenario', 'recordings', '--recordings', recordings, '--invariant', BROKEN]
    const { code, stdout } = await run('--runtime', 'openai-loop', ...args)
    expect(code).toBe(exitCodes.usage)
    expect(stdout).toMatch(/recording skipped: .*broken\.json/)
    expect(stdout).toMatch(/^recordings +✓ 1$/m)
  })
})

describe('wrong usage', () => {
  it.each([
    ['an unknown runtime', ['--runtime', 'nobody'], 'expected one of openai-agents, openai-loop'],
    ['an unknown transport', ['--transport', 'pigeon'], 'pigeon'],
    ['a number that is none', ['--runs', 'many'], '--runs: found "many"'],
    ['an unknown command', ['sing'], 'sing'],
    ['an invariant to explain that is none', ['explain', 'no-fun'], 'expected one of no-leaked-spans'],
  ])('is %s: told with what was expected', async (_, args, message) => {
    const { code, stderr } = await run(...args)
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ')
    expect(code).toBe(exitCodes.usage)
  })

  it('is a report that cannot be written: what was found is printed all the same', async () => {
    const { code, stderr, stdout } = await run(
      '--runtime',
      'openai-loop',
      ...few,
      '--json',
      '/nowhere/at/all',
    )
    expect(stderr).toContain('cannot be written')
    expect(stdout).toContain('No violations.')
    expect(code).toBe(exitCodes.usage)
  })
})

describe('what there is', () => {
  it('is listed as JSON: runtimes, scenarios, invariants and comparisons', async () => {
    const { stdout, code } = await run('list', '--json', '-')
    const list = JSON.parse(stdout) as Record<string, { id?: string; name?: string }[]>
    expect(code).toBe(exitCodes.expected)
    expect(list['runtimes']?.map(({ name }) => name)).toContain('reference')
    expect(list['scenarios']?.map(({ name }) => name)).toContain('stream-errors')
    expect(list['invariants']?.map(({ id }) => id)).toEqual(invariants.map(({ id }) => id))
    expect(list['comparisons']?.map(({ id }) => id)).toEqual(comparisons.map(({ id }) => id))
  })

  it('is explained: an invariant, where it comes from, a history that breaks it', async () => {
    const { stdout, code } = await run('explain', 'no-leaked-spans')
    expect(code).toBe(exitCodes.expected)
    expect(stdout).toMatch(/^no-leaked-spans\n/)
    expect(stdout).toMatch(/A history that violates it[\s\S]*\^ span "a" was started and did not end/)
  })

  it('has help for every command, with examples', async () => {
    const { stdout, code } = await run('--help')
    expect(code).toBe(exitCodes.expected)
    expect(stdout).toContain('Examples:')
    for (const command of [
      'run',
      'replay',
      'explain',
      'list',
      'check',
      'record',
      'serve',
      'playback',
      'bench',
    ])
      expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'))
    const own = await run('run', '--help')
    for (const option of [
      'runtime',
      'scenario',
      'invariant',
      'runs',
      'seed',
      'time',
      'transport',
      'watch',
      'bail',
      'json',
    ])
      expect(own.stdout).toContain(`--${option}`)
  })
})

describe('--against', () => {
  const few = ['--scenario', 'stream-errors', '--invariant', BROKEN, '--runs', '20', '--seed', '1']

  it('refuses a runtime of the other kind, and several', async () => {
    const mixed = await run('--runtime', broken, '--against', 'openai-go-loop', ...few)
    expect(mixed).toMatchObject({ code: exitCodes.usage })
    expect(mixed.stderr).toContain(
      '--against: found openai-go-loop, expected a runtime with an adapter.ts, as broken',
    )
    const several = await run(
      '--runtime',
      broken,
      '--runtime',
      'reference',
      '--against',
      'openai-loop',
      ...few,
    )
    expect(several).toMatchObject({ code: exitCodes.usage })
    expect(several.stderr).toContain('--against: found 2 runtimes, expected exactly one --runtime')
  })
})
