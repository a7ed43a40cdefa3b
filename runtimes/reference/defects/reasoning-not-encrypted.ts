import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'reasoning-not-encrypted',
  scenario: 'sessions',
  breaks: 'next-turn-accepted',
  cause: 'items-found',
  does: 'Does not ask for encrypted reasoning when nothing is stored, and sends unreadable reasoning back.',
  source: 'SERVICE-FACTS 4',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    buildRequest(run) {
      const { include: _, ...body } = { include: undefined, ...soundParts.buildRequest(run) }
      return body
    },
  }),
} satisfies Defect
