import type { Defect } from '../defect.ts'

export default {
  name: 'user-message-wrapped',
  scenario: 'sessions',
  breaks: 'no-altered-context',
  cause: 'user message altered',
  does: 'Puts words of its own around the message of the user.',
  smallest: { conversations: 1, answers: 0 },
  edits: [
    {
      file: 'items.ts',
      find: "return { role: 'user', content }",
      replace: "return { role: 'user', content: 'User: '.concat(content) }",
    },
  ],
} satisfies Defect
