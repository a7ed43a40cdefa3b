import fc from 'fast-check'
import { expect } from 'vitest'
import { httpTransportNames } from '../../../mocks/transports.ts'
import type { Runtime } from '../../contract/runtime.ts'
import { writeDigestText } from '../../history/digest.ts'
import { arbitraryMixedPlans } from '../../plan/arbitraries/everything.ts'
import { execute } from '../execute.ts'

/**
 * Generates plans and expects one digest of each over all transports, and again over the first. By default the plans
 * use everything that the runtime supports.
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
      for (const transport of ['fetch' as const, ...httpTransportNames])
        expect(writeDigestText(await execute(runtime, plan, { transport })), transport).toBe(first)
    }),
    // Shrinking would take too long: a plan that differs by timing shrinks to nothing.
    { numRuns: plans, endOnFailure: true, seed: 20_261_120 },
  )
}
