import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { comparisons, invariants } from '../harness/invariants/index.ts'
import { exitCodes } from './exit-codes.ts'
import { run } from './testing/conform.ts'
import { readReport } from './testing/report.ts'

const adapters = fileURLToPath(new URL('testing', import.meta.url))
const promises = [...invariants, ...comparisons].length
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conform-test-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('a stray alone', () => {
  it.each([
    ['floods', /^the process did not survive: the process ended: .*heap out of memory/],
    [
      'floods-beside',
      /^the process did not survive: the process used more than 3072 MB of memory and was ended/,
    ],
  ])('that %s costs its own verdict, and is told by its memory', async (name, message) => {
    const args = ['--scenario', 'sessions', '--runs', '8', '--seed', '1', '--patience', '90']
    const report = readReport(
      await run('--runtime', join(adapters, name), ...args, '--json', '-', '--out', folder),
    )
    const broken = report.verdicts.filter(({ verdict }) => verdict === 'violated')
    expect(broken.map(({ invariant }) => invariant)).toEqual(['process-survives'])
    expect(broken[0]?.counterexample?.violations[0]?.message).toMatch(message)
    expect(report.code).toBe(exitCodes.violated)
  })

  it('that rejects once is flaky after 20 runs more, and the rest holds', async () => {
    const args = ['--scenario', 'sessions', '--runs', '6', '--seed', '1', '--json', '-']
    const report = readReport(await run('--runtime', join(adapters, 'rejects'), ...args, '--out', folder))
    const told = report.verdicts.filter(({ verdict }) => verdict === 'violated' || verdict === 'flaky')
    expect(told.map(({ invariant, verdict }) => [invariant, verdict])).toEqual([
      ['process-survives', 'flaky'],
    ])
    expect(told[0]?.counterexample?.violations[0]?.message).toMatch(/nobody waits for this/)
    expect(told[0]?.reason).toMatch(/^it came back in 0 of 20 runs over http/)
    expect(report.code).toBe(exitCodes.expected)
  })

  it('that dies in a scenario of many cases costs those, and the rest is missing by name', async () => {
    const args = ['--scenario', 'recordings', '--recordings', 'mocks/recordings/own', '--json', '-']
    const report = readReport(await run('--runtime', join(adapters, 'dies'), ...args, '--out', folder))
    const cases = Map.groupBy(report.verdicts, ({ scenario }) => scenario)
    expect(cases.size).toBe(10)
    expect(report.faults).toEqual([])
    const first = [...cases].filter(([scenario]) => /\/(ai-sdk|chain|endings|handoff)$/.test(scenario))
    expect(
      first.map(([, verdicts]) =>
        verdicts.filter(({ verdict }) => verdict === 'violated').map(({ invariant }) => invariant),
      ),
    ).toEqual(Array(4).fill(['process-survives']))
    for (const verdicts of cases.values()) {
      expect(verdicts).toHaveLength(promises)
      expect(
        verdicts.every(({ verdict }) => /holds|unexercised|violated|missing|not-applicable/.test(verdict)),
      ).toBe(true)
    }
  })
})
