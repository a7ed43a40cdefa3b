import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { formatPlan } from '../harness/plan/codec.ts'
import type { Plan, Stop } from '../harness/plan/types.ts'
import { createPlainPlan } from '../harness/testing/plans.ts'
import { exitCodes } from './exit-codes.ts'
import { BROKEN, writeBrokenRuntime } from './testing/broken-runtime.ts'
import { run } from './testing/conform.ts'
import { type Reported, readReport } from './testing/report.ts'

let folder = ''
let alone: Reported
let masked: Reported
let three: Reported
const few = [
  '--scenario',
  'stream-errors',
  '--invariant',
  BROKEN,
  '--runs',
  '10',
  '--seed',
  '1',
  '--json',
  '-',
]

/** Returns a plan whose consumer stops the run. The broken runtime shows its bug there as well. */
function createStoppedPlan(how: Stop['how']): Plan {
  const { conversations, ...rest } = createPlainPlan()
  const stop: Stop = { how, after: { updates: 1 } }
  return {
    ...rest,
    conversations: conversations.map((one) => ({
      ...one,
      turns: one.turns.map((turn) => ({ ...turn, stop })),
    })),
  }
}

/** Writes a broken runtime with one entry in its known.yaml, and `more` entries that only have another plan. */
async function withEntry(
  name: string,
  lost: boolean,
  entry: object = {},
  more: readonly Plan[] = [],
): Promise<string> {
  const path = await writeBrokenRuntime(folder, name)
  await mkdir(join(path, 'known'))
  const plans = [lost ? createPlainPlan({ kind: 'reset', at: 3 }) : createPlainPlan(), ...more]
  const names = plans.map((_, place) => (place === 0 ? 'known/plan.json' : `known/plan-${place}.json`))
  for (const [place, plan] of plans.entries())
    await writeFile(join(path, names[place] ?? ''), formatPlan(plan))
  const known = {
    scenario: 'stream-errors',
    invariant: BROKEN,
    kind: 'bug',
    reason: 'afterRun fires in a catch clause',
    since: '2026-01-01',
    expires: '9999-01-01',
    ...entry,
  }
  await writeFile(join(path, 'known.yaml'), stringify(names.map((plan) => ({ ...known, plan }))))
  return path
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conform-test-'))
  const stopped = [createStoppedPlan('abort'), createStoppedPlan('return')]
  const known = await withEntry('known', true, {}, stopped)
  const partly = await withEntry('partly', true)
  const stale = await withEntry('stale', false)
  const expired = await withEntry('expired', true, { expires: '2026-01-02' })
  const out = ['--out', folder]
  masked = readReport(await run('--runtime', partly, ...few, ...out))
  alone = readReport(await run('--runtime', known, ...few, ...out))
  three = readReport(await run('--runtime', known, '--runtime', stale, '--runtime', expired, ...few, ...out))
}, 60_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('known.yaml', () => {
  it('turns a violation into known, with the reason and the new plan, and it decides nothing', () => {
    expect(alone.code).toBe(exitCodes.expected)
    expect(alone.stale).toEqual([])
    expect(alone.verdicts[0]).toMatchObject({ verdict: 'known', reason: 'afterRun fires in a catch clause' })
    for (const { verdict } of alone.verdicts) expect(verdict).toBe('known')
    expect(alone.verdicts[0]?.counterexample?.plan.conversations).toHaveLength(1)
  })

  it('fails where its plan no longer violates or its time has passed, and the violation stands', () => {
    expect(three.code).toBe(exitCodes.violated)
    expect(three.stale.map(({ runtime, reason }) => [runtime, reason])).toEqual([
      ['expired', 'it expired on 2026-01-02'],
      ['stale', 'its plan no longer violates'],
    ])
    const drawn = three.verdicts.filter(({ scenario }) => scenario === 'stream-errors')
    const said = new Set(drawn.map(({ runtime, verdict }) => `${runtime} ${verdict}`))
    expect([...said].sort()).toEqual(['expired violated', 'known known', 'stale violated'])
  })

  it('covers only the causes that its plan shows, and no bug that is found behind them', () => {
    expect(masked.stale).toEqual([])
    const drawn = masked.verdicts.filter(({ scenario }) => scenario === 'stream-errors')
    expect(drawn.map(({ cause, verdict }) => [cause, verdict])).toEqual(
      expect.arrayContaining([
        ['after_run fired, run failed', 'known'],
        ['after_run fired, run aborted', 'violated'],
      ]),
    )
    expect(masked.code).toBe(exitCodes.violated)
  })

  it('is left alone outside what was selected', async () => {
    const args = [
      '--scenario',
      'stream-errors',
      '--invariant',
      'no-leaked-spans',
      '--runs',
      '1',
      '--json',
      '-',
    ]
    const report = readReport(await run('--runtime', join(folder, 'stale'), ...args, '--out', folder))
    expect(report.stale).toEqual([])
    expect(report.code).toBe(exitCodes.expected)
  })

  it('that cannot be read is a fault that names the file and the place', async () => {
    const path = await withEntry('unread', true, { kind: 'feature' })
    const report = readReport(await run('--runtime', path, ...few, '--out', folder))
    expect(report.faults.join('\n')).toMatch(/unread.*known\.yaml.*kind/)
    expect(report.code).toBe(exitCodes.harness)
  })
})
