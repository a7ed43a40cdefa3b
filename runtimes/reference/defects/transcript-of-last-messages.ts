import type { Defect } from '../defect.ts'

export default {
  name: 'transcript-of-last-messages',
  scenario: 'handoff-cycles',
  breaks: 'transcript-complete',
  cause: 'text differs',
  does: 'Keeps only the last two messages of a conversation in the transcript.',
  smallest: { conversations: 1, answers: 2 },
  edits: [
    {
      file: 'handoff/conversation.ts',
      find: `items.map((item) => ({ author, text: readMessageText(item) })).filter(({ text }) => text !== ''),
    )`,
      replace: `items.map((item) => ({ author, text: readMessageText(item) })).filter(({ text }) => text !== ''),
    )
    .slice(-2)`,
    },
  ],
} satisfies Defect
