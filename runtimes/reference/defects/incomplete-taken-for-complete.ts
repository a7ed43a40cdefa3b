import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'incomplete-taken-for-complete',
  scenario: 'stream-errors',
  breaks: 'truncation-is-failure',
  cause: 'last answer ended incomplete, run completed',
  does: 'Treats an answer that ended incomplete as complete.',
  source: 'https://github.com/openai/openai-agents-python/issues/3106',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    acceptAnswer(response) {
      const accepted = soundParts.acceptAnswer(response)
      return accepted.status === 'incomplete' ? { ...accepted, status: 'completed' } : accepted
    },
  }),
} satisfies Defect
