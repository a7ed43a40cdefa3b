import type { Item } from '../items.ts'
import type { Variant } from '../variant.ts'

export default {
  name: 'outputs-as-they-come',
  does: 'Sends the outputs of parallel calls in the order in which the tools ended.',
  source: 'SERVICE-FACTS 2: an output belongs to its call by call_id, and no order is asked for.',
  parts: () => ({
    async executeCalls(calls, execute) {
      const outputs: Item[] = []
      await Promise.all(calls.map(async (call) => outputs.push(await execute(call))))
      return outputs
    },
  }),
} satisfies Variant
