import type { Defect } from '../defect.ts'

export default {
  name: 'answers-forgotten-between-turns',
  scenario: 'sessions',
  breaks: 'no-context-loss',
  cause: 'answer lost',
  does: 'Keeps no answer of the model from one turn to the next.',
  smallest: { conversations: 1, answers: 2 },
  edits: [
    {
      file: 'memory.ts',
      find: 'buildCompletedState: () => ({ ...state, unsent: listCarryableItems(items) }),',
      replace:
        "buildCompletedState: () => ({ ...state, unsent: listCarryableItems(items).filter((item) => !('role' in item) || item.role === 'user') }),",
    },
  ],
} satisfies Defect
