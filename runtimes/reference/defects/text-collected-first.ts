import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'text-collected-first',
  scenario: 'stream-errors',
  breaks: 'stream-is-incremental',
  cause: 'text held back',
  does: 'Collects the pieces of a text, and delivers the text when it is whole.',
  smallest: { conversations: 1, answers: 1 },
  parts: () => {
    const collected = new Map<string, string>()
    return {
      readUpdate(event) {
        const update = soundParts.readUpdate(event)
        if (event.type === 'response.output_text.delta') {
          collected.set(event.item_id, (collected.get(event.item_id) ?? '') + event.delta)
          return undefined
        }
        if (event.type !== 'response.output_text.done') return update
        return { type: 'text', text: collected.get(event.item_id) ?? '' }
      },
    }
  },
} satisfies Defect
