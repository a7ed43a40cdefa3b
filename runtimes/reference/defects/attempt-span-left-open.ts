import OpenAI from 'openai'
import type { Defect } from '../defect.ts'

export default {
  name: 'attempt-span-left-open',
  scenario: 'sessions',
  breaks: 'no-leaked-spans',
  cause: 'chat span, run completed',
  does: 'Starts a span for each further attempt at a request, and never ends it.',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    async openEvents(ask, run, request) {
      for (let attempt = 1; ; attempt++)
        try {
          return await ask({ maxRetries: 0 })
        } catch (error) {
          if (attempt === MOST || !(error instanceof OpenAI.APIError)) throw error
          run.telemetry.startChat(run, request)
        }
    },
  }),
} satisfies Defect

/** Maximum number of attempts per answer. */
const MOST = 3
