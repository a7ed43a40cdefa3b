import type { Defect } from '../defect.ts'

export default {
  name: 'first-text-only',
  scenario: 'handoff-cycles',
  breaks: 'transcript-complete',
  cause: 'text differs',
  does: 'Leaves out of the transcript what the user said.',
  smallest: { conversations: 1, answers: 2 },
  edits: [
    {
      file: 'handoff/conversation.ts',
      find: '.filter(({ author }) => author !== NOBODY)',
      replace: '.filter(({ author }) => author !== NOBODY && author !== USER)',
    },
  ],
} satisfies Defect
