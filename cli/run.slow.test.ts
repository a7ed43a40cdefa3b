import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Verdict } from '../harness/explore/verdict.ts'
import { httpTransportNames } from '../mocks/transports.ts'
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

describe('conform', () => {
  it('gives the same verdicts over each transport', async () => {
    const args = ['--scenario', 'stream-errors', '--runs', '5', '--seed', '7', '--json', '-', '--out', folder]
    const over = []
    for (const transport of httpTransportNames) {
      const runtimes = ['--runtime', broken, '--runtime', 'openai-loop']
      const report = readReport(await run(...runtimes, ...args, '--transport', transport))
      expect(report.transport).toBe(transport)
      expect(report.faults).toEqual([])
      over.push(said(report.verdicts))
    }
    const [first, ...others] = over
    expect(first?.some((line) => line.includes('violated'))).toBe(true)
    for (const other of others) expect(other).toEqual(first)
  })

  it('prints under --time what repeats it, and that gives the same verdicts and counterexamples', async () => {
    const file = join(folder, 'timed.json')
    const timed = ['--scenario', 'stream-errors', '--time', '3', '--json', file, '--out', folder]
    const { stdout } = await run('--runtime', broken, ...timed)
    const [, again = ''] =
      /^To run the same plans again\n {2}npx --yes pnpm@12 conform (.+)$/m.exec(stdout) ?? []
    expect(again).toMatch(/--seed \d+ --runs \d+$/)
    const repeated = readReport(await run(...again.split(' '), '--json', '-', '--out', folder))
    const first = JSON.parse(await readFile(file, 'utf8')) as { verdicts: Verdict[] }
    expect(repeated.verdicts).toEqual(first.verdicts)
  })
})

/** Returns verdicts as lines. Under `intercept` MSW itself keeps requests in memory, so `nothing-grows` is not measured there. */
function said(verdicts: readonly Verdict[]): string[] {
  return verdicts
    .filter(({ invariant }) => invariant !== 'nothing-grows')
    .map(({ runtime, invariant, verdict, plans }) => [runtime, invariant, verdict, plans].join(' '))
}

describe('--against', () => {
  const few = ['--scenario', 'stream-errors', '--invariant', BROKEN, '--runs', '20', '--seed', '1']

  it('tells what the other runtime does not violate as well, also for runtimes in the process of the harness', async () => {
    const [worse, better, same] = await Promise.all(
      [
        ['--runtime', broken, '--against', 'openai-loop'],
        ['--runtime', 'openai-loop', '--against', broken],
        ['--runtime', broken, '--against', broken],
      ].map(async (which) =>
        readReport(await run(...which, ...few, '--out', join(folder, 'against'), '--json', '-')),
      ),
    )
    // A rule that is broken has a verdict for each cause.
    const told = (report: typeof worse) => [
      ...new Set(
        report?.verdicts.filter(({ scenario }) => scenario === 'stream-errors').map(({ verdict }) => verdict),
      ),
    ]
    expect([told(worse), told(better), told(same)]).toEqual([['violated'], ['holds'], ['holds']])
  })
})
