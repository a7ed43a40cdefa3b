import type { Generated } from '../harness/contract/scenario.ts'
import { handoffPlans } from '../harness/plan/arbitraries/handoff/plan.ts'
import { withCanaries } from '../harness/plan/canary.ts'
import type { AgentSpec, Plan, Turn } from '../harness/plan/types.ts'
import type { Item } from '../mocks/service/types.ts'

const agent = (name: string, instructions: string, ...handoffs: string[]): AgentSpec => ({
  name,
  instructions,
  tools: [],
  handoffs,
})

const team = [
  agent(
    'coordinator',
    'You are a coordinator. Route tasks to specialists.',
    'research_agent',
    'summary_agent',
  ),
  agent('research_agent', 'Research the topic briefly, then return control to coordinator.', 'coordinator'),
  agent('summary_agent', 'Summarize. When done, return control to coordinator.', 'coordinator'),
]

/** One streamed turn; each answer is a text and the agent that it hands to, either of which may be missing. */
function turn(say: string, ...answers: [text: string, to?: string][]): Turn {
  const items = ([text, to]: [string, string?]): Item[] => [
    ...(text === '' ? [] : [{ type: 'text' as const, text }]),
    ...(to === undefined ? [] : [{ type: 'handoff' as const, to }]),
  ]
  return {
    say,
    stream: true,
    answers: answers.map((answer) => ({ items: items(answer) })),
    target: 'same',
    pull: 'same-context',
  }
}

/**
 * The document's own workflow, on the service's memory: it ends when the coordinator has spoken twice, and each agent may go
 * on by itself for two turns. It fails there as soon as the coordinator is handed the conversation back.
 */
const untilTheCoordinatorSpokeTwice: Plan = withCanaries({
  schema: 1,
  seed: '00004053',
  team,
  flow: {
    turnLimits: { coordinator: 2, research_agent: 2, summary_agent: 2 },
    endAfter: { agent: 'coordinator', messages: 2 },
  },
  conversations: [
    {
      session: 'previous-response',
      store: true,
      turns: [
        turn(
          'Research Microsoft Agent Framework.',
          ['', 'research_agent'],
          ['It orchestrates agents.', 'coordinator'],
          ['Now the summary.', 'summary_agent'],
          ['Agents, orchestrated.', 'coordinator'],
          ['Here you are.'],
        ),
      ],
    },
  ],
  delivery: [],
  mode: { start: 'on' },
})

/** The same for any runtime that hands off: no limits, and the user speaks again. */
const thenTheUserSpeaksAgain: Plan = withCanaries({
  schema: 1,
  seed: '00014053',
  team,
  conversations: [
    {
      session: 'previous-response',
      store: true,
      turns: [
        turn(
          'Research Microsoft Agent Framework.',
          ['', 'research_agent'],
          ['It orchestrates agents.', 'coordinator'],
          ['Here you are.'],
        ),
        turn(
          'And a summary?',
          ['', 'summary_agent'],
          ['Agents, orchestrated.', 'coordinator'],
          ['Here it is.'],
        ),
      ],
    },
  ],
  delivery: [],
  mode: { start: 'on' },
})

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
  cases: { 'maf-4053': untilTheCoordinatorSpokeTwice, 'maf-4053-next-turn': thenTheUserSpeaksAgain },
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
