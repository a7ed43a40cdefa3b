import { type Item, listCalls, readMessageText } from '../items.ts'
import { soundParts } from '../parts.ts'
import type { Variant } from '../variant.ts'

export default {
  name: 'plain-messages',
  does: 'Sends earlier answers as plain texts and calls without ids, and leaves reasoning out.',
  source: 'SERVICE-FACTS 3: items without ids need no reasoning (222 recorded calls without an id).',
  parts: () => ({
    buildRequest(run) {
      const body = soundParts.buildRequest(run)
      return { ...body, input: body.input.flatMap(simplify) }
    },
  }),
} satisfies Variant

function simplify(item: Item): Item[] {
  if (item.type === 'reasoning') return []
  if ('role' in item && item.role === 'assistant')
    return [{ role: 'assistant', content: readMessageText(item) }]
  const [call] = listCalls([item])
  if (call === undefined) return [item]
  const { id: _, ...bare } = call
  return [bare]
}
