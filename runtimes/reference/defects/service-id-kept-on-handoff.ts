import type { Defect } from '../defect.ts'
import { listItems } from '../handoff/conversation.ts'
import { soundHandoffs } from '../parts/handoffs.ts'

export default {
  name: 'service-id-kept-on-handoff',
  scenario: 'handoff-cycles',
  breaks: 'no-stale-previous-response-id',
  cause: 'open call of the response',
  does: 'Continues the last response of an agent that takes over again, although its handoff call has no output.',
  source: 'https://github.com/microsoft/agent-framework/issues/4053',
  smallest: { conversations: 1, answers: 4 },
  parts: () => ({
    handoffs: {
      ...soundHandoffs,
      openSession(memory, conversation, before) {
        const session = soundHandoffs.openSession(memory, conversation, before)
        if (memory !== 'previous-response' || before?.serviceSessionId === undefined) return session
        const unsent = listItems(conversation.slice(-1))
        session.state = { ...session.state, unsent, serviceSessionId: before.serviceSessionId }
        return session
      },
    },
  }),
} satisfies Defect
