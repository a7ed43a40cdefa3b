import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createPlainPlan } from '../../testing/plans.ts'
import { execute } from '../execute.ts'
import { createScriptedRuntime } from '../testing/scripted.ts'

it('is after a plan as it was before, whatever the runtime set or took away', async () => {
  const before = { ...process.env }
  const name = fc.stringMatching(/^CONFORMANCE_[A-Z]{1,4}$/)
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(name, fc.option(fc.string({ unit: 'grapheme-ascii' }))),
      async (changes) => {
        process.env['CONFORMANCE_A'] = 'kept'
        const runtime = createScriptedRuntime()
        const open: typeof runtime.open = (world) => {
          for (const [key, value] of Object.entries(changes))
            if (value === null) delete process.env[key]
            else process.env[key] = value
          return runtime.open(world)
        }
        await execute({ ...runtime, open }, createPlainPlan(), { transport: 'fetch' })
        expect(process.env['CONFORMANCE_A']).toBe('kept')
        delete process.env['CONFORMANCE_A']
        expect({ ...process.env }).toEqual(before)
      },
    ),
    { numRuns: 20 },
  )
})
