import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cacheFolder } from '../../harness/environments/cache.ts'
import { environmentOf } from '../../harness/environments/environment.ts'
import { readManifest } from '../../harness/environments/manifest.ts'
import { execute } from '../../harness/execute/execute.ts'
import { digested } from '../../harness/history/digest.ts'
import { eventsOf } from '../../harness/history/events.ts'
import { anything } from '../../harness/plan/arbitraries/everything.ts'
import type { Plan } from '../../harness/plan/types.ts'
import { type RemoteRuntime, startRemote } from '../../harness/remote/remote-runtime.ts'

/** The plan with all its conversations in threads of their own. */
const inThreads = (plan: Plan): Plan => ({
  ...plan,
  conversations: plan.conversations.map((conversation) => ({ ...conversation, as: 'thread' })),
})

describe('conversations in threads, on one set of agents', () => {
  let home = ''
  let runtime: RemoteRuntime
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'conform-test-'))
    const manifest = readManifest(
      fileURLToPath(new URL('../../runtimes/openai-agents-python', import.meta.url)),
    )
    const { command, args, env } = await environmentOf(manifest, manifest.version, cacheFolder())
    runtime = await startRemote(manifest.name, { command, args, env: { ...env, HOME: home } })
  }, 300_000)
  afterAll(async () => {
    runtime?.end()
    await rm(home, { recursive: true, force: true })
  })
  const run = (plan: Plan) => execute(runtime, plan, { transport: 'http', patience: 10 })

  it('are drawn', () => {
    const drawn = fc.sample(anything(runtime.supports), { numRuns: 50, seed: 20_261_121 })
    const lives = new Set(drawn.flatMap(({ conversations }) => conversations.map((one) => one.as)))
    expect(lives).toEqual(new Set(['task', 'thread']))
  })

  it('end, and ask, as they do in tasks', async () => {
    const plans = fc.sample(anything(runtime.supports), { numRuns: 10, seed: 20_261_121 })
    for (const plan of plans) {
      const [inTasks, threaded] = [await run(plan), await run(inThreads(plan))]
      const seen = (history: typeof inTasks) =>
        eventsOf(history, 'run.end').map(({ run, outcome }) => `${run} ${outcome.status} ${outcome.text}`)
      expect(seen(threaded).sort()).toEqual(seen(inTasks).sort())
      expect(eventsOf(threaded, 'request')).toHaveLength(eventsOf(inTasks, 'request').length)
    }
  })

  it('give one history for one plan', async () => {
    await fc.assert(
      fc.asyncProperty(anything(runtime.supports), async (drawn) => {
        const plan = inThreads(drawn)
        expect(digested(await run(plan))).toBe(digested(await run(plan)))
      }),
      { numRuns: 15, endOnFailure: true, seed: 20_261_121 },
    )
  })
})
