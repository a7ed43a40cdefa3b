import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writePlan } from '../harness/plan/codec.ts'
import type { Plan } from '../harness/plan/types.ts'
import { largePlans, tooHeavyPlan } from '../harness/testing/heavy-plans.ts'
import { exitCodes } from './exit-codes.ts'
import { run } from './testing/conform.ts'
import { readReport } from './testing/report.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conform-test-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function replayed(plan: Plan) {
  const file = join(folder, 'plan.json')
  await writeFile(file, writePlan(plan))
  return readReport(await run('replay', file, '--runtime', 'reference', '--json', '-'))
}

describe('a plan at its limits', () => {
  it.each(Object.entries(largePlans))('of %s is judged', { timeout: 300_000 }, async (_, plan) => {
    const { code, verdicts } = await replayed(plan())
    expect(new Set(verdicts.map(({ verdict }) => verdict))).toEqual(new Set(['holds']))
    expect(code).toBe(exitCodes.expected)
  })

  it('is a fault of the harness where it is too heavy to be judged, and nothing that the runtime did', async () => {
    const { code, verdicts } = await replayed(tooHeavyPlan())
    expect(new Set(verdicts.map(({ verdict }) => verdict))).toEqual(new Set(['harness-error']))
    expect(verdicts[0]?.reason).toContain(
      'the plan is too heavy to be run and judged: found requests of about',
    )
    expect(code).toBe(exitCodes.harness)
  })
})
