import { handoffPlans } from '../harness/plan/arbitraries/handoff/plan.ts'
import type { Generated } from '../harness/scenario.ts'

/**
 * A coordinator has the conversation. It hands it to a researcher, who looks something up, says what was found and hands it
 * back; then it is the summariser's turn, or the researcher's once more. Any of two to five agents may hand to any other, in
 * circles if they like; some call a tool, or two agents, in the very answer in which they hand off. Here and there an answer
 * breaks, a hook throws, or the user does not wait.
 *
 * Whoever has the conversation must know all of it, the first time and every time after, and nothing twice. No response is
 * continued that still waits for the output of a handoff's call. It ends when its limits or its condition say so, and what
 * was said is told once, in order, under the names of those who said it. Then the user speaks again, to the same workflow or
 * to one that was built anew.
 */
const handoffCycles: Generated = {
  about:
    'Two to five agents hand a conversation to one another, in cycles, with tools, limits, faults and stops; then the user speaks again.',
  source:
    'https://github.com/microsoft/agent-framework/issues/4053 (a stale previous_response_id, and context lost on handoff)',
  needs: ['history', 'handoff'],
  plans: (supports) =>
    handoffPlans({
      supports,
      conversations: { min: 1, max: 2 },
      turns: { min: 1, max: 3 },
      spoiled: 25,
      stopped: 15,
      broken: 10,
      throwing: 10,
      facts: 10,
    }),
}

export default handoffCycles
