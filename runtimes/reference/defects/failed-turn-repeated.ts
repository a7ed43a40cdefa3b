import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'failed-turn-repeated',
  scenario: 'sessions',
  breaks: 'no-repeated-items',
  cause: 'user message repeated',
  does: 'Stores the user message of a failed or stopped turn twice.',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    rememberState(memory, ending) {
      const state = soundParts.rememberState(memory, ending)
      if (ending.kind === 'completed') return state
      const said = memory.buildFields().input.filter((item) => 'role' in item && item.role === 'user')
      return { ...state, unsent: [...state.unsent, ...said.slice(-1), ...said.slice(-1)] }
    },
  }),
} satisfies Defect
