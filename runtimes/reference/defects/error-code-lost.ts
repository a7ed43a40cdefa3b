import type { Defect } from '../defect.ts'

export default {
  name: 'error-code-lost',
  scenario: 'stream-errors',
  breaks: 'original-error-kept',
  cause: 'other error, failed response',
  does: 'Reports a failed response with a text of its own, without its code and message.',
  smallest: { conversations: 1, answers: 1 },
  edits: [
    { file: 'errors.ts', find: 'super(error?.message ?? ', replace: 'super(' },
    { file: 'errors.ts', find: 'this.code = error?.code', replace: 'this.code = undefined' },
  ],
} satisfies Defect
