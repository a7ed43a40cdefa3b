import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { transportNames } from '../../mocks/transports.ts'
import { runtime } from '../../runtimes/openai-loop/adapter.ts'
import { digest } from '../history/digest.ts'
import { plans } from '../plan/arbitraries/plan.ts'
import { execute } from './execute.ts'

const several = plans({
  conversations: { min: 2, max: 3 },
  sessions: ['history', 'previous-response'],
  gatedTools: false,
  spoiled: 20,
})

describe('one plan', () => {
  it('gives one digest over all three transports, and again', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(several, async (plan) => {
        const first = await execute(runtime, plan, 'fetch')
        expect(first.filter(({ kind }) => kind === 'run.end')).toHaveLength(
          plan.conversations.flatMap(({ turns }) => turns).length,
        )
        for (const transport of [...transportNames, 'fetch' as const])
          expect(digest(await execute(runtime, plan, transport)), transport).toBe(digest(first))
      }),
      { numRuns: 15 },
    )
  })
})
