import type { Defect } from '../defect.ts'

export default {
  name: 'tool-error-hidden',
  scenario: 'stream-errors',
  breaks: 'original-error-kept',
  cause: 'tool error not told to the model',
  does: 'Sends the model an empty output if a tool threw.',
  source: 'https://github.com/pollinations/pollinations/pull/14744',
  smallest: { conversations: 1, answers: 2 },
  parts: () => ({ formatFailure: () => '' }),
} satisfies Defect
