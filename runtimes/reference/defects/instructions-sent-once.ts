import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'instructions-sent-once',
  scenario: 'sessions',
  breaks: 'request-as-configured',
  cause: 'instructions missing',
  does: 'Sends the instructions of an agent only with the first request of a conversation object.',
  source:
    'https://platform.openai.com/docs/api-reference/responses/create, instructions (not carried over to the next response)',
  smallest: { conversations: 1, answers: 2 },
  parts: () => {
    const known = new Set<string>()
    return {
      buildRequest(run) {
        const body = soundParts.buildRequest(run)
        const { conversation } = body
        if (conversation === undefined) return body
        const told = known.has(conversation)
        known.add(conversation)
        return told ? { ...body, instructions: '' } : body
      },
    }
  },
} satisfies Defect
