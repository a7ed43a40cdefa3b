import type { Defect } from '../defect.ts'

export default {
  name: 'rest-read-after-return',
  scenario: 'stream-errors',
  breaks: 'rest-not-read-after-return',
  cause: 'rest of the answer read',
  does: 'Reads the rest of an answer after its consumer has left the stream.',
  source:
    'https://github.com/openclaw/openclaw/pull/61742 (the upstream request goes on after the consumer has gone)',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    async openEvents(ask) {
      const events = (await ask({ signal: null }))[Symbol.asyncIterator]()
      const readOn = async () => {
        while (!(await events.next()).done);
      }
      return {
        [Symbol.asyncIterator]: () => ({
          next: () => events.next(),
          async return() {
            readOn().catch(() => {})
            return { done: true, value: undefined }
          },
        }),
      }
    },
  }),
} satisfies Defect
