import { listItems } from '../handoff/conversation.ts'
import { buildUserMessage, type Item, readMessageText } from '../items.ts'
import { soundHandoffs } from '../parts/handoffs.ts'
import { AgentSession } from '../session.ts'
import type { Variant } from '../variant.ts'

export default {
  name: 'retold-after-handoff',
  does: "Retells each message of another agent in the user's role, with words around it.",
  source:
    'https://github.com/microsoft/autogen (handoff context as messages of the user that name the agent)',
  parts: () => ({
    handoffs: {
      ...soundHandoffs,
      openSession(memory, conversation) {
        const session = new AgentSession(memory)
        const items = listItems(conversation).flatMap(retell)
        session.state = { unsent: items, record: items }
        return session
      },
    },
  }),
} satisfies Variant

function retell(item: Item): Item[] {
  if (!('role' in item)) return []
  return [item.role === 'assistant' ? buildUserMessage(`Another agent said: ${readMessageText(item)}`) : item]
}
