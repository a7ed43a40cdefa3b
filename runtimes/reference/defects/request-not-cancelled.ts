import type { Defect } from '../defect.ts'

export default {
  name: 'request-not-cancelled',
  scenario: 'stream-errors',
  breaks: 'stop-reaches-upstream',
  does: 'Tells nobody upstream that a run was stopped: the request goes on.',
  source: 'https://github.com/openclaw/openclaw/pull/61742',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    async events(ask) {
      const events = (await ask({ signal: null }))[Symbol.asyncIterator]()
      // Without `return()` nothing of it can be ended early.
      return { [Symbol.asyncIterator]: () => ({ next: () => events.next() }) }
    },
  }),
} satisfies Defect
