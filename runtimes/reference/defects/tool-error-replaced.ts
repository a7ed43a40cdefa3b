import type { Defect } from '../defect.ts'

export default {
  name: 'tool-error-replaced',
  scenario: 'stream-errors',
  breaks: 'original-error-kept',
  cause: 'other error, tool threw',
  does: 'Fails a run if a tool threw, with an error that does not mention the cause.',
  source: 'https://github.com/pollinations/pollinations/pull/14744',
  smallest: { conversations: 1, answers: 2 },
  parts: () => ({
    formatFailure() {
      throw new Error('execution failed')
    },
  }),
} satisfies Defect
