import type { Defect } from '../defect.ts'

export default {
  name: 'conversation-made-anew',
  scenario: 'sessions',
  breaks: 'no-context-loss',
  cause: 'user message lost',
  does: 'Creates a new conversation object for each turn.',
  smallest: { conversations: 1, answers: 2 },
  edits: [
    {
      file: 'memory.ts',
      find: `let id = state.serviceSessionId
    let unsent = [...state.unsent, ...asked]
    const said`,
      replace: `let id: string | undefined
    let unsent = [...state.unsent, ...asked]
    const said`,
    },
  ],
} satisfies Defect
