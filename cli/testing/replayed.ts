import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatPlan } from '../../harness/plan/codec.ts'
import type { Plan } from '../../harness/plan/types.ts'
import { run } from './conform.ts'
import { type Reported, readReport } from './report.ts'

/** Replays a plan on the reference runtime, and returns what was reported. */
export async function replayOnReference(plan: Plan): Promise<Reported> {
  const folder = await mkdtemp(join(tmpdir(), 'conform-test-'))
  try {
    const file = join(folder, 'plan.json')
    await writeFile(file, formatPlan(plan))
    return readReport(await run('replay', file, '--runtime', 'reference', '--json', '-'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
