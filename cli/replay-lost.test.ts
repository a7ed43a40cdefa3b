import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Counterexample, writeCounterexample } from '../harness/counterexample.ts'
import { writePlan } from '../harness/plan/codec.ts'
import { plainPlan } from '../harness/testing/plans.ts'
import { exitCodes } from './exit-codes.ts'
import { run } from './testing/conform.ts'

const loop = JSON.stringify(fileURLToPath(new URL('../runtimes/openai-loop/adapter.ts', import.meta.url)))

/** Ways in which a runtime loses its process, each as the code of an adapter. */
const losses: Record<string, string> = {
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

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conform-test-'))
  const plan = plainPlan()
  const told = {
    schema: 1 as const,
    runtime: 'lost',
    version: '1.0.0',
    invariant: 'no-leaked-spans',
    transport: 'fetch' as const,
    violations: [],
    ends: [],
    plan,
  } satisfies Omit<Counterexample, 'scenario'>
  await writeFile(join(folder, 'bare.json'), writePlan(plan))
  for (const scenario of ['sessions', 'of-nobody'])
    await writeFile(join(folder, `${scenario}.json`), writeCounterexample({ ...told, scenario }))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Replays a file of the folder on a runtime that is lost in such a way. Returns the exit code. */
async function codeOf(loss: string, file: string): Promise<number | null> {
  const adapter = await mkdtemp(join(folder, 'adapter-'))
  await writeFile(join(adapter, 'adapter.ts'), losses[loss] ?? '')
  const asked = [join(folder, `${file}.json`), '--runtime', adapter, '--patience', '2']
  return (await run('replay', ...asked)).code
}

describe('conform replay, where the runtime loses its process', () => {
  it.each(Object.keys(losses))('never ends as if all were well on a bare plan: it %s', async (loss) => {
    // All promises are asked of a bare plan: that the process survives, or that a run settles, is seen to be broken.
    const expected = loss.endsWith('opened') ? exitCodes.violated : exitCodes.harness
    expect(await codeOf(loss, 'bare')).toBe(expected)
  })

  it.each([
    ['crashes when it is opened', 'sessions'],
    ['loops at import', 'of-nobody'],
    ['exits when it is opened', 'of-nobody'],
  ])(
    'ends with a fault where the promise of a counterexample could not be seen: it %s, %s',
    async (loss, file) => {
      expect(await codeOf(loss, file)).toBe(exitCodes.harness)
    },
  )
})
