import type { Defect } from '../defect.ts'
import { soundHandoffs } from '../parts/handoffs.ts'

export default {
  name: 'results-lost-on-handoff',
  scenario: 'handoff-cycles',
  breaks: 'handoff-keeps-context',
  cause: 'result lost',
  does: 'Hands over the messages without the tool calls and their results.',
  source: 'https://github.com/microsoft/agent-framework/issues/4053',
  smallest: { conversations: 1, answers: 8 },
  parts: () => ({
    handoffs: {
      ...soundHandoffs,
      listSharedItems: (items, isHandoff) =>
        soundHandoffs.listSharedItems(items, isHandoff).filter((item) => 'role' in item),
    },
  }),
} satisfies Defect
