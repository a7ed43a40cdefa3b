import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'usage-counted-twice',
  scenario: 'sessions',
  breaks: 'spans-carry-own-data',
  cause: 'tokens of an invoke_agent span',
  does: 'Counts the tokens of an answer when it arrives, and again when it is complete.',
  smallest: { conversations: 1, answers: 0 },
  parts: () => ({
    countUsage(total, response) {
      soundParts.countUsage(total, response)
      soundParts.countUsage(total, response)
    },
  }),
} satisfies Defect
