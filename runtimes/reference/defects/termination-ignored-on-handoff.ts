import type { Defect } from '../defect.ts'
import { soundHandoffs } from '../parts/handoffs.ts'

export default {
  name: 'termination-ignored-on-handoff',
  scenario: 'handoff-cycles',
  breaks: 'handoffs-end',
  cause: 'turn after the end condition',
  does: 'Does not check the end condition of the workflow after an answer that hands off.',
  source: 'https://github.com/microsoft/agent-framework/issues/4053',
  smallest: { conversations: 1, answers: 3 },
  parts: () => ({
    handoffs: {
      ...soundHandoffs,
      isOver: (answered) =>
        soundHandoffs.isOver({ ...answered, conditionMet: answered.conditionMet && !answered.handsOff }),
    },
  }),
} satisfies Defect
