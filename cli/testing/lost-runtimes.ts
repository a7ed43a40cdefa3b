import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { formatCounterexample } from '../../harness/known/counterexample.ts'
import { formatPlan } from '../../harness/plan/codec.ts'
import { createPlainPlan } from '../../harness/testing/plans.ts'
import { run } from './conform.ts'

const loop = JSON.stringify(fileURLToPath(new URL('../../runtimes/openai-loop/adapter.ts', import.meta.url)))

/** Ways in which a runtime loses its process, each as the code of an adapter. */
export const losses = {
  'crashes at import': "process.kill(process.pid, 'SIGKILL')",
  'loops at import': 'for (;;);',
  'exits at import': 'process.reallyExit(0)',
  'crashes when it is opened': `
    import { runtime as whole } from ${loop}
    export const runtime = { ...whole, name: 'lost', open: () => process.kill(process.pid, 'SIGKILL') }`,
  'exits when it is opened': `
    import { runtime as whole } from ${loop}
    export const runtime = { ...whole, name: 'lost', open: () => process.reallyExit(0) }`,
  'loops when it is opened': `
    import { runtime as whole } from ${loop}
    export const runtime = { ...whole, name: 'lost', open() { for (;;); } }`,
}

/** A bare plan, or a counterexample of a scenario. */
export type Kept = 'bare' | { scenario: string }

/** Replays a plan on a runtime that is lost in such a way. Returns the exit code. */
export async function replayLost(loss: keyof typeof losses, kept: Kept): Promise<number | null> {
  const folder = await mkdtemp(join(tmpdir(), 'conform-test-'))
  try {
    await writeFile(join(folder, 'adapter.ts'), losses[loss])
    const file = join(folder, 'kept.json')
    await writeFile(file, kept === 'bare' ? formatPlan(createPlainPlan()) : counterexampleOf(kept.scenario))
    return (await run('replay', file, '--runtime', folder, '--patience', '2')).code
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function counterexampleOf(scenario: string): string {
  const about = { runtime: 'lost', version: '1.0.0', scenario, invariant: 'no-leaked-spans' }
  return formatCounterexample({
    schema: 1,
    ...about,
    transport: 'fetch',
    violations: [],
    ends: [],
    plan: createPlainPlan(),
  })
}
