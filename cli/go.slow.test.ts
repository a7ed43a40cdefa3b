import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { exitCodes } from './exit-codes.ts'
import { run } from './testing/conform.ts'
import { readReport } from './testing/report.ts'

it('the loop in Go keeps every promise that it can be held to', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'conform-test-'))
  try {
    const args = [
      '--runtime',
      'openai-go-loop',
      '--runs',
      '30',
      '--seed',
      '1',
      '--out',
      folder,
      '--json',
      '-',
    ]
    const { code, verdicts, faults } = readReport(await run(...args))
    expect(faults).toEqual([])
    const wrong = verdicts.filter(
      ({ verdict }) => !['holds', 'unexercised', 'not-applicable'].includes(verdict),
    )
    expect(
      wrong.map(({ scenario, invariant, verdict, reason }) => [scenario, invariant, verdict, reason]),
    ).toEqual([])
    expect(verdicts.filter(({ verdict }) => verdict === 'holds').length).toBeGreaterThan(100)
    expect(code).toBe(exitCodes.expected)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}, 900_000)
