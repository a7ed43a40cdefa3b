import type { Defect } from '../defect.ts'

export default {
  name: 'timer-left-open',
  scenario: 'stream-errors',
  breaks: 'nothing-left-open',
  cause: 'timer left open by runs',
  does: 'Sets a timer for each request, and never clears it.',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    openEvents(ask) {
      setTimeout(() => {}, LIMIT)
      return ask()
    },
  }),
} satisfies Defect

/** Time limit in milliseconds. */
const LIMIT = 600_000
