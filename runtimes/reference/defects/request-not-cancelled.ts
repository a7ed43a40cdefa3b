import type { Defect } from '../defect.ts'

export default {
  name: 'request-not-cancelled',
  scenario: 'stream-errors',
  breaks: 'stop-reaches-upstream',
  cause: 'request open after abort',
  does: 'Leaves the open request running when a run is stopped.',
  source: 'https://github.com/openclaw/openclaw/pull/61742',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    async openEvents(ask) {
      const events = (await ask({ signal: null }))[Symbol.asyncIterator]()
      // An iterator without `return()` cannot be ended early.
      return { [Symbol.asyncIterator]: () => ({ next: () => events.next() }) }
    },
  }),
} satisfies Defect
