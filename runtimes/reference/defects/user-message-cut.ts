import type { Defect } from '../defect.ts'

export default {
  name: 'user-message-cut',
  scenario: 'sessions',
  breaks: 'no-altered-context',
  cause: 'user message altered',
  does: 'Sends only the first 30 characters of what the user said.',
  smallest: { conversations: 1, answers: 0 },
  edits: [
    {
      file: 'items.ts',
      find: "return { role: 'user', content }",
      replace: "return { role: 'user', content: content.slice(0, 30) }",
    },
  ],
} satisfies Defect
