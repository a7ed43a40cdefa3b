import { listItems } from '../handoff/conversation.ts'
import { buildUserMessage, readMessageText } from '../items.ts'
import { soundHandoffs } from '../parts/handoffs.ts'
import { AgentSession } from '../session.ts'
import type { Variant } from '../variant.ts'

export default {
  name: 'summary-after-handoff',
  does: 'Gives the agent that takes over one message with all that was said, and no calls.',
  source:
    'https://openai.github.io/openai-agents-python/handoffs/ (nest_handoff_history puts the transcript into one message)',
  parts: () => ({
    handoffs: {
      ...soundHandoffs,
      openSession(memory, conversation) {
        const session = new AgentSession(memory)
        const lines = listItems(conversation).flatMap((item) => {
          const text = 'role' in item ? readMessageText(item) : ''
          return text === '' ? [] : [`${'role' in item ? item.role : ''}: ${text}`]
        })
        const items =
          lines.length === 0 ? [] : [buildUserMessage(`The conversation so far:\n${lines.join('\n')}`)]
        session.state = { unsent: items, record: items }
        return session
      },
    },
  }),
} satisfies Variant
