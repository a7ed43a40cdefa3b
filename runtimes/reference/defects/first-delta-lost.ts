import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'first-delta-lost',
  scenario: 'stream-errors',
  breaks: 'delivery-is-faithful',
  cause: 'delivered text differs',
  does: 'Drops the first delta of each text.',
  source: 'https://github.com/google-antigravity/antigravity-sdk-python/issues/67',
  smallest: { conversations: 1, answers: 1 },
  parts() {
    const begun = new Set<string>()
    return {
      readUpdate(event) {
        if (event.type !== 'response.output_text.delta' || begun.has(event.item_id))
          return soundParts.readUpdate(event)
        begun.add(event.item_id)
        return undefined
      },
    }
  },
} satisfies Defect
