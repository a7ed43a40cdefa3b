import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'history-and-chain',
  scenario: 'sessions',
  breaks: 'no-repeated-items',
  cause: 'user message repeated',
  does: 'Sends the whole history to a conversation object that already contains it.',
  source: 'https://github.com/microsoft/agent-framework/issues/3295',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    rememberState(memory, ending) {
      const state = soundParts.rememberState(memory, ending)
      return state.serviceSessionId === undefined ? state : { ...state, unsent: state.record }
    },
  }),
} satisfies Defect
