import { soundParts } from '../parts.ts'
import type { Variant } from '../variant.ts'

/** Number of characters from which on a piece is delivered. */
const LEAST = 12

export default {
  name: 'bigger-pieces',
  does: 'Delivers a text in pieces of at least twelve characters, and the rest when the text is whole.',
  source:
    'https://ai-sdk.dev/docs/reference/ai-sdk-core/smooth-stream (a stream may be delivered word by word)',
  parts: () => {
    const held = new Map<string, string>()
    return {
      readUpdate(event) {
        if (event.type === 'response.output_text.delta' || event.type === 'response.refusal.delta') {
          const key = `${event.item_id} ${event.content_index}`
          const text = (held.get(key) ?? '') + event.delta
          held.set(key, text.length < LEAST ? text : '')
          return text.length < LEAST ? undefined : { type: 'text', text }
        }
        if (event.type === 'response.output_text.done' || event.type === 'response.refusal.done') {
          const key = `${event.item_id} ${event.content_index}`
          const text = held.get(key) ?? ''
          held.delete(key)
          return text === '' ? undefined : { type: 'text', text }
        }
        return soundParts.readUpdate(event)
      },
    }
  },
} satisfies Variant
