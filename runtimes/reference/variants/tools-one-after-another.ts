import type { Item } from '../items.ts'
import type { Variant } from '../variant.ts'

export default {
  name: 'tools-one-after-another',
  does: 'Runs the calls of one answer one after another, each when the one before it has ended.',
  source: 'https://docs.ag2.ai (a runtime may run tools in sequence; the API only needs all outputs)',
  parts: () => ({
    async executeCalls(calls, execute) {
      const outputs: Item[] = []
      for (const call of calls) outputs.push(await execute(call))
      return outputs
    },
  }),
} satisfies Variant
