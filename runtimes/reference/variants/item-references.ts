import type { Item } from '../items.ts'
import { soundParts } from '../parts.ts'
import type { Variant } from '../variant.ts'

export default {
  name: 'item-references',
  does: 'Names the stored items of earlier answers by references, and does not send them again.',
  source: 'SERVICE-FACTS 3: item_reference to a stored item (43 recorded references of the AI SDK).',
  parts: () => ({
    buildRequest(run) {
      const body = soundParts.buildRequest(run)
      return run.store ? { ...body, input: body.input.map(refer) } : body
    },
  }),
} satisfies Variant

function refer(item: Item): Item {
  const isFromModel = item.type === 'function_call' || item.type === 'reasoning' || item.type === 'message'
  const id = 'id' in item ? item.id : undefined
  return isFromModel && typeof id === 'string' ? { type: 'item_reference', id } : item
}
