import type { Defect } from '../defect.ts'
import { soundHandoffs } from '../parts/handoffs.ts'

export default {
  name: 'cached-messages-only',
  scenario: 'handoff-cycles',
  breaks: 'no-context-loss',
  cause: 'user message lost',
  does: 'After a handoff, gives the new agent only the messages of the previous agent.',
  source: 'https://github.com/microsoft/agent-framework/issues/4053',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    handoffs: {
      ...soundHandoffs,
      openSession: (memory, conversation, before) =>
        soundHandoffs.openSession(memory, conversation.slice(-1), before),
    },
  }),
} satisfies Defect
