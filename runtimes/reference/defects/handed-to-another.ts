import type { Defect } from '../defect.ts'
import { soundHandoffs } from '../parts/handoffs.ts'

export default {
  name: 'handed-to-another',
  scenario: 'handoff-cycles',
  breaks: 'handoff-reaches-its-target',
  cause: 'another agent than the target',
  does: 'Hands off to the last possible agent, whichever agent the model names.',
  source: 'https://github.com/microsoft/agent-framework/issues/4053',
  smallest: { conversations: 1, answers: 3 },
  parts: () => ({
    handoffs: { ...soundHandoffs, chooseTarget: (named, handoffs) => handoffs.at(-1) ?? named },
  }),
} satisfies Defect
