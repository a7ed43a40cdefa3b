import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formatPlan } from '../harness/plan/codec.ts'
import { createPlainPlan } from '../harness/testing/plans.ts'
import { exitCodes } from './exit-codes.ts'
import { BROKEN, writeBrokenRuntime } from './testing/broken-runtime.ts'
import { run } from './testing/conform.ts'
import { readReport } from './testing/report.ts'

let folder = ''
let broken = ''
let file = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conform-test-'))
  broken = await writeBrokenRuntime(folder, 'broken')
  const args = ['--scenario', 'stream-errors', '--invariant', BROKEN, '--runs', '20', '--seed', '1']
  await run('--runtime', broken, ...args, '--out', folder)
  file = join(folder, `broken--0.1.0--stream-errors--${BROKEN}--after-run-fired-run-failed.json`)
}, 60_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('conform replay', () => {
  it('runs a counterexample again with the same result', async () => {
    const kept = JSON.parse(await readFile(file, 'utf8')) as { violations: unknown; plan: unknown }
    const again = readReport(await run('replay', file, '--runtime', broken, '--json', '-'))
    expect(again.code).toBe(exitCodes.violated)
    expect(again.verdicts.map(({ invariant, verdict }) => [invariant, verdict])).toEqual([
      [BROKEN, 'violated'],
    ])
    expect(again.verdicts[0]?.counterexample?.violations).toEqual(kept.violations)
    expect(again.verdicts[0]?.counterexample?.plan).toEqual(kept.plan)
  })

  it('says whether it is the same; ends with 0 on a runtime that keeps the promise, also with its whole history', async () => {
    const [same, other] = await Promise.all([
      run('replay', file, '--runtime', broken),
      run('replay', file, '--runtime', 'openai-loop', '--history', '--bodies'),
    ])
    expect(same?.stdout).toContain('The violations are the same as in the file.')
    expect(other?.code).toBe(exitCodes.expected)
    expect(other?.stdout).toContain('The violations differ from the file, which has: after_run fired for run')
    expect(other?.stdout).toMatch(
      /The whole history\n[\s\S]* starts: the user says [\s\S]*the team is asked to close\n/,
    )
    expect(other?.stdout).toMatch(
      /The bodies of the requests\n {2}request 1 of c0\.t0\n {4}\{\n[\s\S]*"model": "/,
    )
  })

  it('runs a plan on several runtimes', async () => {
    const both = ['--runtime', broken, '--runtime', 'openai-loop']
    const report = readReport(await run('replay', file, ...both, '--json', '-'))
    expect(report.code).toBe(exitCodes.violated)
    expect(report.verdicts.map(({ runtime, verdict }) => [runtime, verdict])).toEqual([
      ['broken', 'violated'],
      ['openai-loop', 'holds'],
    ])
    const { code, stderr } = await run('replay', file, ...both, '--repro', join(folder, 'x.mjs'))
    expect(code).toBe(exitCodes.usage)
    expect(stderr).toContain('--repro: found 2 runtimes, expected exactly one --runtime')
  })

  it('runs a bare plan on the runtime that it is told, and checks everything', async () => {
    const plan = join(folder, 'plan.json')
    await writeFile(plan, formatPlan(createPlainPlan({ kind: 'reset', at: 3 })))
    const report = readReport(await run('replay', plan, '--runtime', 'openai-loop', '--json', '-'))
    expect(report.code).toBe(exitCodes.expected)
    expect(report.verdicts.length).toBeGreaterThan(30)
    expect((await run('replay', plan)).stderr).toContain('expected a counterexample or --runtime')
  })

  it('says `known` where known.yaml of the runtime does, and ends with 0', async () => {
    const known = 'runtimes/openai-agents/known/trace-left-open.json'
    const { code, stdout } = await run('replay', known, '--history')
    expect(code, stdout).toBe(exitCodes.expected)
    expect(stdout).toContain('1 known violation')
    expect(stdout).toMatch(
      /k no-leaked-spans on openai-agents, in 1 case\n {6}A run that is not streamed never ends/,
    )
    expect(stdout).toMatch(/The whole history\n +0 {2}telemetry is on\n/)
    expect(stdout).not.toContain('The bodies of the requests')
  })

  it.each([
    ['no JSON', '{"schema":', 'expected JSON'],
    ['too deep', `${'['.repeat(100)}${']'.repeat(100)}`, '100 levels of nesting'],
    ['another thing', '{"schema":1,"id":"text"}', 'expected'],
    ['a plan that says against itself', contradicting(), 'expected'],
  ])('refuses a file that is %s, in one line', async (_, text, message) => {
    const hostile = join(folder, 'hostile.json')
    await writeFile(hostile, text)
    const { code, stderr, stdout } = await run('replay', hostile, '--runtime', 'openai-loop')
    expect(code).toBe(exitCodes.usage)
    expect(stderr).toContain(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stdout).toBe('')
  })

  it.each(['./evil', 'evil', '@evil/agents', 'reference+../../evil'])(
    'never runs a file because a counterexample calls its runtime %j, and says what to do',
    async (runtime) => {
      const marker = join(folder, 'marker')
      const evil = join(folder, 'evil')
      await mkdir(evil, { recursive: true })
      await writeFile(
        join(evil, 'adapter.ts'),
        `import { writeFileSync } from 'node:fs'\nwriteFileSync(${JSON.stringify(marker)}, '')\n`,
      )
      const named = runtime === './evil' ? evil : runtime
      const hostile = join(folder, 'named.json')
      const kept = JSON.parse(await readFile(file, 'utf8')) as object
      await writeFile(hostile, JSON.stringify({ ...kept, runtime: named }))
      const { code, stderr, stdout } = await run('replay', hostile)
      expect([code, stdout]).toEqual([exitCodes.usage, ''])
      expect(stderr).toMatch(/which is not part of this project, expected --runtime|expected one of/)
      expect(stderr.trim().split('\n')).toHaveLength(1)
      expect(existsSync(marker)).toBe(false)
      // The name does not make the file unreadable: with --runtime it is run on that.
      const again = readReport(await run('replay', hostile, '--runtime', broken, '--json', '-'))
      expect(again.verdicts.map(({ verdict }) => verdict)).toEqual(['violated'])
    },
  )

  it('names the file where it names an invariant that there is not', async () => {
    const hostile = join(folder, 'invariant.json')
    const kept = JSON.parse(await readFile(file, 'utf8')) as object
    await writeFile(hostile, JSON.stringify({ ...kept, invariant: 'none' }))
    const { code, stderr } = await run('replay', hostile, '--runtime', 'openai-loop')
    expect(code).toBe(exitCodes.usage)
    expect(stderr).toContain('invariant.json: $.invariant: found "none", expected one of')
  })

  it('refuses a version that the runtime of this project does not have', async () => {
    const { code, stderr } = await run('replay', file, '--runtime', 'openai-loop@9.9.9')
    expect(code).toBe(exitCodes.usage)
    expect(stderr).toContain('found openai-loop@9.9.9, expected the installed openai-loop@0.1.0')
  })

  it.each([
    ['is not there', 'nowhere.json'],
    ['is a folder', '.'],
  ])('refuses a path that %s, in one line', async (_, path) => {
    const { code, stderr } = await run('replay', path, '--runtime', 'openai-loop')
    expect(code).toBe(exitCodes.usage)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})

function contradicting(): string {
  const plan = createPlainPlan()
  return JSON.stringify({ ...plan, team: [...plan.team, ...plan.team] })
}
