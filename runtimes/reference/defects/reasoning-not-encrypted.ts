import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'reasoning-not-encrypted',
  scenario: 'sessions',
  breaks: 'next-turn-accepted',
  does: 'Where nothing is stored, asks for no encrypted reasoning, and sends on what nobody can read.',
  source: 'SERVICE-FACTS 4',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    request(run) {
      const { include: _, ...body } = { include: undefined, ...soundParts.request(run) }
      return body
    },
  }),
} satisfies Defect
