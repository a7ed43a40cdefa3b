import type { Defect } from '../defect.ts'
import { raceWithAbort } from '../ending.ts'

export default {
  name: 'rejection-unhandled',
  scenario: 'stream-errors',
  breaks: 'process-survives',
  cause: 'unhandled rejection: AbortError',
  does: 'Watches for the stop of a run with a promise that nothing awaits.',
  source: 'https://github.com/PostHog/posthog-js/issues/4074',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    openEvents(ask, { signal }) {
      void raceWithAbort(new Promise(() => {}), signal)
      return ask()
    },
  }),
} satisfies Defect
