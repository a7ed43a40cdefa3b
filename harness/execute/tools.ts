import { conversationOfRun } from '../contract/events.ts'
import type { World } from '../contract/runtime.ts'
import { toolDesk } from '../observe/tools.ts'
import type { Stage } from './stage.ts'
import { toolStarted } from './stops.ts'

/** The harness as the tools of every conversation: a tool counts its calls in each of them. */
export function toolsOf({ plan, lines, gates, history }: Stage): World['tool'] {
  const desks = lines.map((line, conversation) =>
    toolDesk(plan.team, history, {
      arrive: (who) => gates.arrive(conversation, who),
      hold: (who) => gates.hold(conversation, who),
      leave: (who) => gates.leave(conversation, who),
      started: (run) => toolStarted(line, run),
    }),
  )
  return async (call) => desks[conversationOfRun(call.run) ?? -1]?.(call) ?? null
}
