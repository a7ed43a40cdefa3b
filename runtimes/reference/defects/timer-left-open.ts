import type { Defect } from '../defect.ts'

export default {
  name: 'timer-left-open',
  scenario: 'stream-errors',
  breaks: 'nothing-left-open',
  does: 'Sets a time limit for each request, and never takes it back.',
  smallest: { conversations: 1, answers: 0 },
  parts: () => ({
    events(ask) {
      setTimeout(() => {}, LIMIT)
      return ask()
    },
  }),
} satisfies Defect

/** In milliseconds. */
const LIMIT = 600_000
