import type { Defect } from '../defect.ts'
import { listCalls } from '../items.ts'
import { soundHandoffs } from '../parts/handoffs.ts'

export default {
  name: 'handoff-call-without-output',
  scenario: 'handoff-cycles',
  breaks: 'calls-answered',
  cause: 'call without an output',
  does: 'Removes the output of a handoff from the history, but keeps the call.',
  source: 'https://github.com/microsoft/agent-framework/issues/4053',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    handoffs: {
      ...soundHandoffs,
      listSharedItems: (items, isHandoff) => [
        ...soundHandoffs.listSharedItems(items, isHandoff),
        ...listCalls(items).filter(({ name }) => isHandoff(name)),
      ],
    },
  }),
} satisfies Defect
