import type { LeavesOut } from '../../coverage/label.ts'
import { listUndrawn } from '../../coverage/undrawn.ts'
import type { PlanSetup } from '../plan.ts'

const order = 'an answer is at most one reasoning item, one text, and then calls and handoffs'

/** Returns the words, values and pairs that the generator of handoffs does not draw with this setup, each with the reason. */
export function listUndrawnWithHandoffs(setup: Partial<PlanSetup>): LeavesOut {
  return {
    ...listUndrawn(setup, { handoffs: true, rebuilds: true }),
    'agents: 1': 'a handoff needs a second agent',
    'agent as a tool: the agent itself': 'an agent that hands off is no tool',
    'turns: 1 + target: fresh-workflow': 'the workflow is rebuilt between two turns',
    'item: refusal': order,
    'neighbours: message, message': order,
    'neighbours: message, reasoning': order,
    'neighbours: reasoning, reasoning': order,
    'neighbours: call, message': order,
    'neighbours: call, reasoning': order,
    'neighbours: call, equal call': 'an answer calls a tool only once',
    'arguments of a call: an empty text': 'the arguments are names of cities',
    'way to write a stream': 'the answers are in the own form of the service',
  }
}
