import type { Defect } from '../defect.ts'
import { soundHandoffs } from '../parts/handoffs.ts'

export default {
  name: 'run-ends-with-the-handoff',
  scenario: 'handoff-cycles',
  breaks: 'handoff-reaches-its-target',
  does: 'Ends the turn when an agent hands off, before the other has said anything.',
  source: 'https://github.com/microsoft/agent-framework/issues/4053',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    handoffs: {
      ...soundHandoffs,
      isOver: (answered) => answered.handsOff || soundHandoffs.isOver(answered),
    },
  }),
} satisfies Defect
