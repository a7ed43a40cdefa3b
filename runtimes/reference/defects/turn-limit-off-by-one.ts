import type { Defect } from '../defect.ts'
import { soundHandoffs } from '../parts/handoffs.ts'

export default {
  name: 'turn-limit-off-by-one',
  scenario: 'handoff-cycles',
  breaks: 'handoffs-end',
  cause: 'more turns than the limit',
  does: 'Lets an agent take one more turn than its limit.',
  source: 'https://github.com/microsoft/agent-framework/issues/4053',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    handoffs: {
      ...soundHandoffs,
      isOver: ({ limit, ...answered }) =>
        soundHandoffs.isOver({ ...answered, ...(limit === undefined ? {} : { limit: limit + 1 }) }),
    },
  }),
} satisfies Defect
