import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'finish-reasons-missing',
  scenario: 'sessions',
  breaks: 'spans-follow-semconv',
  cause: 'chat span lacks the recommended gen_ai.response.finish_reasons',
  does: 'Leaves the finish reasons out of the spans of its requests.',
  smallest: { conversations: 1, answers: 0 },
  parts: () => ({
    buildResponseAttributes(response) {
      const { 'gen_ai.response.finish_reasons': _, ...attributes } =
        soundParts.buildResponseAttributes(response)
      return attributes
    },
  }),
} satisfies Defect
