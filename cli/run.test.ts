import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { invariants } from '../harness/invariants/index.ts'
import type { Verdict } from '../harness/verdict.ts'
import { run } from './testing/conform.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conform-test-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const own = 'mocks/recordings/own'

describe('conform', () => {
  it('prints the verdict table of every own recording on both runtimes and writes it as JSON', async () => {
    const file = join(folder, 'report.json')
    const { code, stdout } = await run('--recordings', own, '--json', file)
    const report = JSON.parse(await readFile(file, 'utf8')) as {
      schema: number
      runtimes: unknown[]
      verdicts: Verdict[]
    }
    expect(report.schema).toBe(1)
    expect(report.runtimes).toEqual([
      { name: 'openai-agents', version: '0.20.0' },
      { name: 'openai-loop', version: '0.1.0' },
    ])
    expect(report.verdicts).toHaveLength(10 * invariants.length * 2)
    for (const verdict of report.verdicts)
      expect(verdict.statement.length * verdict.source.length).toBeGreaterThan(0)
    const violated = report.verdicts.filter(({ verdict }) => verdict === 'violated')
    // A run of @openai/agents that fails without streaming never ends its trace: agents-core,
    // tracing/context, _wrapFunctionWithTraceLifecycle, where trace.end() is not reached by an error.
    expect([...new Set(violated.map(({ runtime, invariant }) => `${runtime} ${invariant}`))]).toEqual([
      'openai-agents no-leaked-spans',
    ])
    expect(report.verdicts.filter(({ verdict }) => !/holds|violated|not-applicable/.test(verdict))).toEqual(
      [],
    )
    expect(code).toBe(1)
    expect(stdout).toContain('openai-agents 0.20.0')
    expect(stdout).toMatch(/^tools +✓ ✓ ✓ ✓ +✓ ✓ ✓ ✓ *$/m)
    expect(stdout).toContain('✗ no-leaked-spans on openai-agents 0.20.0')
    expect(stdout).toContain('background')
  })

  it('ends with 0 where every must holds, and says the same twice', async () => {
    const args = ['--runtime', 'openai-loop', '--recordings', own, '--transport', 'fetch', '--json', '-']
    const [first, second] = [await run(...args), await run(...args)]
    expect(first.code).toBe(0)
    expect(second.stdout).toBe(first.stdout)
    expect(JSON.parse(first.stdout).transport).toBe('fetch')
  })

  it.each([
    ['an unknown runtime', ['--runtime', 'nobody'], 'expected one of openai-agents, openai-loop'],
    ['an unknown transport', ['--transport', 'pigeon'], 'pigeon'],
    ['a bound that is none', ['--bound', 'soon'], '--bound: found "soon"'],
    ['recordings that are not there', ['--recordings', 'nowhere'], 'there is no nowhere'],
    ['an unknown command', ['sing'], 'sing'],
    ['an unknown option', ['--louder'], '--louder'],
    [
      'a report that cannot be written',
      ['--runtime', 'openai-loop', '--recordings', `${own}/text.json`, '--json', '/nowhere/at/all'],
      'cannot be written',
    ],
  ])('calls %s wrong usage, with what was expected', async (_, args, message) => {
    const { code, stderr } = await run(...args)
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })

  it('goes on beside a broken file, names it, and does not end with 0', async () => {
    await writeFile(join(folder, 'broken.json'), '{"schema":1,"id":"../../etc","recordings":[]}')
    const good = await readFile(`${own}/text.json`, 'utf8')
    await writeFile(join(folder, 'good.json'), good)
    const { code, stderr, stdout } = await run('--runtime', 'openai-loop', '--recordings', folder)
    expect(stderr).toContain('broken.json')
    expect(stdout).toContain('✓ ✓ ✓ ✓')
    expect(code).toBe(2)
  })

  it('has help with examples for every command', async () => {
    const { stdout, code } = await run('--help')
    expect(code).toBe(0)
    for (const command of ['run', 'check', 'record', 'serve', 'playback', 'schema', 'bench']) {
      expect(stdout).toContain(command)
      expect((await run(command, '--help')).code).toBe(0)
    }
    expect(stdout).toContain('Examples:')
  })
})
