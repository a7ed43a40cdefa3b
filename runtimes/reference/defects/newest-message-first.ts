import type { Defect } from '../defect.ts'

export default {
  name: 'newest-message-first',
  scenario: 'sessions',
  breaks: 'no-context-loss',
  cause: 'user message reordered',
  does: 'Puts the message of a turn before the messages of earlier turns.',
  smallest: { conversations: 1, answers: 2 },
  edits: [
    {
      file: 'memory.ts',
      find: 'const items = [...state.unsent, ...asked]',
      replace: 'const items = [...asked, ...state.unsent]',
    },
  ],
} satisfies Defect
