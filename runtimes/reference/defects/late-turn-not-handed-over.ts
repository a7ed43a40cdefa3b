import type { Defect } from '../defect.ts'
import { USER } from '../handoff/conversation.ts'
import { soundHandoffs } from '../parts/handoffs.ts'

export default {
  name: 'late-turn-not-handed-over',
  scenario: 'handoff-cycles',
  breaks: 'no-context-loss',
  cause: 'user message lost',
  does: 'Hands over only the first user message of a conversation, not the later ones.',
  source: 'https://github.com/microsoft/agent-framework/issues/4053',
  smallest: { conversations: 1, answers: 2 },
  parts: () => ({
    handoffs: {
      ...soundHandoffs,
      openSession(memory, conversation, before) {
        const [first, ...later] = conversation
        const kept = [...(first ? [first] : []), ...later.filter(({ author }) => author !== USER)]
        return soundHandoffs.openSession(memory, kept, before)
      },
    },
  }),
} satisfies Defect
