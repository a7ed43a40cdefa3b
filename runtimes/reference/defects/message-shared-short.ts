import type { Defect } from '../defect.ts'

export default {
  name: 'message-shared-short',
  scenario: 'handoff-cycles',
  breaks: 'no-altered-context',
  cause: 'answer altered',
  does: 'Shortens the messages of an agent when another agent takes over.',
  smallest: { conversations: 1, answers: 3 },
  edits: [
    {
      file: 'handoff/conversation.ts',
      find: "return { role: 'assistant', content: readMessageText(item) }",
      replace: "return { role: 'assistant', content: readMessageText(item).slice(0, 30) }",
    },
  ],
} satisfies Defect
