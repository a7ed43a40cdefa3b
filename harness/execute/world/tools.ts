import { parseConversation } from '../../contract/events.ts'
import type { World } from '../../contract/runtime.ts'
import { createTools } from '../../observe/tools.ts'
import type { Parts } from '../parts.ts'

/** Returns the tools of every conversation, which the harness carries out. Each conversation counts its own calls. */
export function buildTools({ plan, conversations, gates, history, misuse }: Parts): World['tool'] {
  const desks = conversations.map((conversation) =>
    createTools(plan.team, history, {
      arrive: (who, run, outlives) => gates.arrive(conversation.number, who, run, outlives),
      hold: (who, run) => gates.hold(conversation.number, who, run),
      leave: (who) => gates.leave(conversation.number, who),
      started(run) {
        if (conversation.turn?.run === run) conversation.turn.noteToolStart()
      },
      misused: (message) => misuse.note(message),
    }),
  )
  return async (call) => desks[parseConversation(call.run) ?? -1]?.(call) ?? null
}
