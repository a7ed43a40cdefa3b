import type { Defect } from '../defect.ts'

export default {
  name: 'calls-forgotten-between-turns',
  scenario: 'sessions',
  breaks: 'no-context-loss',
  cause: 'call lost',
  does: 'Keeps no tool calls and results from one turn to the next.',
  smallest: { conversations: 1, answers: 4 },
  edits: [
    {
      file: 'memory.ts',
      find: 'buildCompletedState: () => ({ ...state, unsent: listCarryableItems(items) }),',
      replace:
        "buildCompletedState: () => ({ ...state, unsent: listCarryableItems(items).filter((item) => 'role' in item) }),",
    },
  ],
} satisfies Defect
