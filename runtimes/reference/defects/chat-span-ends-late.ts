import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'chat-span-ends-late',
  scenario: 'sessions',
  breaks: 'parents-outlive-children',
  cause: 'chat span after react',
  does: 'Ends the span of a request in a later turn of the event loop, after the span of its run.',
  smallest: { conversations: 1, answers: 2 },
  parts: () => ({
    endSpan(span, ending, attributes, content) {
      const end = () => soundParts.endSpan(span, ending, attributes, content)
      if ('gen_ai.response.id' in attributes) setTimeout(end, 1)
      else end()
    },
  }),
} satisfies Defect
