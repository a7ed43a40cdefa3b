import type { Defect } from '../defect.ts'

export default {
  name: 'request-cancelled-by-close',
  scenario: 'stream-errors',
  breaks: 'stop-reaches-upstream',
  cause: 'request open after abort',
  does: 'Cancels the open request of a stopped run only when the team is closed.',
  source: 'https://github.com/openclaw/openclaw/pull/61742',
  smallest: { conversations: 1, answers: 1 },
  parts() {
    const closing = new AbortController()
    return {
      async openEvents(ask) {
        const events = (await ask({ signal: closing.signal }))[Symbol.asyncIterator]()
        // An iterator without `return()` cannot be ended early.
        return { [Symbol.asyncIterator]: () => ({ next: () => events.next() }) }
      },
      closeTeam(cancelRuns) {
        closing.abort()
        return cancelRuns()
      },
    }
  },
} satisfies Defect
