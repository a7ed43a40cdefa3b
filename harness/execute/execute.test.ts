import fc from 'fast-check'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { transportNames } from '../../mocks/transports.ts'
import { digest } from '../history/digest.ts'
import { invariants } from '../invariants/index.ts'
import { plans } from '../plan/arbitraries/plan.ts'
import type { Plan } from '../plan/types.ts'
import type { Capability, Runtime } from '../runtime.ts'
import { execute } from './execute.ts'

const runtimes: Record<string, Runtime> = {}
beforeAll(async () => {
  // Under any other value @openai/agents switches its tracing off without a word.
  vi.stubEnv('NODE_ENV', 'production')
  runtimes['openai-loop'] = (await import('../../runtimes/openai-loop/adapter.ts')).runtime
  runtimes['openai-agents'] = (await import('../../runtimes/openai-agents/adapter.ts')).runtime
})

const several = plans({
  conversations: { min: 2, max: 3 },
  sessions: ['history', 'previous-response'],
  spoiled: 20,
})

describe.each(['openai-loop', 'openai-agents'])('one plan on %s', (name) => {
  it('gives one digest over all three transports, and again', { timeout: 120_000 }, async () => {
    const runtime = runtimes[name] as Runtime
    await fc.assert(
      fc.asyncProperty(several, async (plan) => {
        const first = await execute(runtime, plan, { transport: 'fetch' })
        const turns = plan.conversations.flatMap(({ turns }) => turns)
        expect(first.filter(({ kind }) => kind === 'run.end')).toHaveLength(turns.length)
        for (const transport of [...transportNames, 'fetch' as const])
          expect(digest(await execute(runtime, plan, { transport })), transport).toBe(digest(first))
      }),
      { numRuns: 10 },
    )
  })
})

describe('drawn plans on openai-loop', () => {
  const spoiled = plans({ sessions: ['history', 'previous-response'], spoiled: 35 })

  const loop: Capability[] = [
    'stream',
    'tools',
    'parallel-tools',
    'spans',
    'after_run',
    'history',
    'previous-response',
  ]
  const applicable = invariants.filter(({ needs }) => needs.every((need) => loop.includes(need)))

  it.each(applicable)('hold $id', { timeout: 60_000 }, async (invariant) => {
    await fc.assert(
      fc.asyncProperty(spoiled, async (plan) => {
        const history = await execute(runtimes['openai-loop'] as Runtime, plan, { transport: 'fetch' })
        expect(invariant.check(history)).toEqual([])
      }),
      { numRuns: 40 },
    )
  })
})

describe('a runtime that never settles a run', () => {
  const silent: Runtime = {
    name: 'silent',
    version: '0.0.0',
    supports: new Set(),
    hooks: {},
    open: async () => ({
      start: ({ conversation }) => ({
        updates: (async function* () {})(),
        outcome: async () => (conversation === 0 ? new Promise(() => {}) : { status: 'completed', text: '' }),
      }),
      close: async () => {},
    }),
  }

  it('hangs, and the other conversations end as ever', async () => {
    const [plan] = fc.sample(plans({ conversations: { min: 2, max: 2 }, turns: { min: 1, max: 1 } }), {
      numRuns: 1,
      seed: 1,
    })
    const history = await execute(silent, plan as Plan, { transport: 'fetch' })
    const ends = history.flatMap((event) =>
      event.kind === 'run.end' ? [`${event.run} ${event.outcome.status}`] : [],
    )
    expect(ends.sort()).toEqual(['c0.t0 hung', 'c1.t0 completed'])
  })
})
