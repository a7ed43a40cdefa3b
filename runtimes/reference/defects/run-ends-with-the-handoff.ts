import type { Defect } from '../defect.ts'
import { soundHandoffs } from '../parts/handoffs.ts'

export default {
  name: 'run-ends-with-the-handoff',
  scenario: 'handoff-cycles',
  breaks: 'handoff-reaches-its-target',
  cause: 'no request of the target',
  does: 'Ends the run at a handoff, before the new agent has answered.',
  source: 'https://github.com/microsoft/agent-framework/issues/4053',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    handoffs: {
      ...soundHandoffs,
      isOver: (answered) => answered.handsOff || soundHandoffs.isOver(answered),
    },
  }),
} satisfies Defect
