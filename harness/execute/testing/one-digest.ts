import fc from 'fast-check'
import { expect } from 'vitest'
import { transportNames } from '../../../mocks/transports.ts'
import type { Runtime } from '../../contract/runtime.ts'
import { writeDigestText } from '../../history/digest.ts'
import { arbitraryMixedPlans } from '../../plan/arbitraries/everything.ts'
import { execute } from '../execute.ts'

/**
 * Draws so many plans, of all that a runtime can be asked for unless told otherwise, and expects of each one digest over all
 * three transports, and again over the first.
 */
export async function expectOneDigest(
  name: string,
  plans: number,
  draw = arbitraryMixedPlans,
): Promise<void> {
  const { runtime }: { runtime: Runtime } = await import(`../../../runtimes/${name}/adapter.ts`)
  await fc.assert(
    fc.asyncProperty(draw(runtime.supports), async (plan) => {
      const first = writeDigestText(await execute(runtime, plan, { transport: 'fetch' }))
      for (const transport of ['fetch' as const, ...transportNames])
        expect(writeDigestText(await execute(runtime, plan, { transport })), transport).toBe(first)
    }),
    // Each plan more that is tried over http takes its time, and a plan that differs by timing shrinks to nothing.
    { numRuns: plans, endOnFailure: true, seed: 20_261_120 },
  )
}
