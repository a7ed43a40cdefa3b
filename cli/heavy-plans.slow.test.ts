import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writePlan } from '../harness/plan/codec.ts'
import type { Plan } from '../harness/plan/types.ts'
import { longPlans } from '../harness/testing/heavy-plans.ts'
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

describe('a plan within all limits that takes minutes', () => {
  it.each(Object.entries(longPlans))(
    'as %s, is judged as any other',
    { timeout: 900_000 },
    async (_, plan) => {
      const { code, verdicts, faults } = await replayed(plan())
      expect(faults).toEqual([])
      expect(new Set(verdicts.map(({ verdict }) => verdict))).toEqual(new Set(['holds']))
      expect(code).toBe(exitCodes.expected)
    },
  )
})
