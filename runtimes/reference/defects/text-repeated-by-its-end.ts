import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'text-repeated-by-its-end',
  scenario: 'stream-errors',
  breaks: 'delivery-is-faithful',
  cause: 'whole text delivered again',
  does: 'Delivers a text again when the event with the full text arrives.',
  smallest: { conversations: 1, answers: 0 },
  parts: () => ({
    readUpdate: (event) =>
      event.type === 'response.output_text.done'
        ? { type: 'text', text: event.text }
        : soundParts.readUpdate(event),
  }),
} satisfies Defect
