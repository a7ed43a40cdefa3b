import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'text-repeated-by-its-end',
  scenario: 'stream-errors',
  breaks: 'delivery-is-faithful',
  does: 'Delivers a text once more when the event comes that repeats all of it.',
  smallest: { conversations: 1, answers: 0 },
  parts: () => ({
    update: (event) =>
      event.type === 'response.output_text.done'
        ? { type: 'text', text: event.text }
        : soundParts.update(event),
  }),
} satisfies Defect
