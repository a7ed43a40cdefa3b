import type { Defect } from '../defect.ts'

export default {
  name: 'user-message-in-another-role',
  scenario: 'sessions',
  breaks: 'no-altered-context',
  cause: 'user message altered',
  does: 'Keeps the messages of earlier turns as messages of the developer.',
  smallest: { conversations: 1, answers: 2 },
  edits: [
    {
      file: 'memory.ts',
      find: 'buildCompletedState: () => ({ ...state, unsent: listCarryableItems(items) }),',
      replace:
        "buildCompletedState: () => ({ ...state, unsent: listCarryableItems(items).map((item) => 'role' in item && item.role === 'user' ? { ...item, role: 'developer' as const } : item) }),",
    },
  ],
} satisfies Defect
