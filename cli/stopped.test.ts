import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { buildJsonReport } from '../reports/json.ts'
import type { RunReport } from '../reports/run-report.ts'
import { formatReport } from '../reports/terminal.ts'

const report: RunReport = {
  ...{ seed: 1, runs: 1, transport: 'fetch', isolation: 'process', results: [], faults: [] },
  partial: true,
}

describe('a run that is ended by SIGTERM', () => {
  it('keeps the cases that are done, and reports no fault for the others', async () => {
    const script = join(import.meta.dirname, 'testing/stopped-run.ts')
    const env = { ...process.env, NODE_ENV: 'production' }
    const { stdout } = await promisify(execFile)(process.execPath, [script], { env })
    const { scenarios, faults, partial } = JSON.parse(stdout) as Record<string, unknown> & {
      scenarios: string[]
    }
    expect(scenarios.length).toBeGreaterThan(0)
    expect(scenarios.filter((name) => !name.startsWith('regressions/'))).toEqual([])
    expect([faults, partial]).toEqual([[], true])
  })

  it('says so in both reports', () => {
    expect(buildJsonReport(report)).toMatchObject({ partial: true })
    const { partial: _, ...whole } = report
    expect(buildJsonReport(whole)).not.toHaveProperty('partial')
    expect(formatReport(report, new Map())).toContain('The run was ended early')
  })
})
