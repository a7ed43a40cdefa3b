import type { Generated } from '../harness/contract/scenario.ts'
import { arbitraryHandoffPlans } from '../harness/plan/arbitraries/handoff/plan.ts'
import { listUndrawnWithHandoffs } from '../harness/plan/arbitraries/handoff/undrawn.ts'
import { addCanaries } from '../harness/plan/canary.ts'
import type { ScenarioSetup } from '../harness/plan/coverage/undrawn.ts'
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

/** Returns a streamed turn. Each answer is a text and the target of a handoff; either may be absent. */
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
 * The workflow of the upstream issue, with the conversation stored at the service. It ends after two messages of the
 * coordinator, and each agent may take two turns in a row. The upstream bug appears at the handoff back to the coordinator.
 */
const untilTheCoordinatorSpokeTwice: Plan = addCanaries({
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

/** The same workflow for any runtime with handoffs: it has no limits, and a second user turn follows. */
const thenTheUserSpeaksAgain: Plan = addCanaries({
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

const setup: ScenarioSetup = {
  conversations: { min: 1, max: 2 },
  turns: { min: 1, max: 3 },
  spoiled: 30,
  stopped: 25,
  broken: 10,
  throwing: 10,
  facts: 15,
  growth: 3,
}

/**
 * Two to five agents hand off to one another, also in cycles. For example, a coordinator hands off to a researcher, who hands
 * back to the coordinator. Some answers contain a tool call or a second handoff beside the handoff. Some answers break, some
 * hooks throw, and some users stop the run. Then the user speaks again, to the same workflow or to a rebuilt one.
 *
 * Each agent must see the whole conversation whenever it takes over, and nothing twice. No request may continue a response
 * with an unanswered handoff call. The workflow must end by its limits or its end condition. The transcript must contain each
 * message once, in order, under the name of its author.
 */
const handoffCycles: Generated = {
  about:
    'Lets two to five agents hand off to one another, also in cycles, with tools, limits, faults and stops; then the user speaks again.',
  source:
    'https://github.com/microsoft/agent-framework/issues/4053 (a stale previous_response_id, and context lost on handoff)',
  needs: ['history', 'handoff'],
  cases: { 'maf-4053': untilTheCoordinatorSpokeTwice, 'maf-4053-next-turn': thenTheUserSpeaksAgain },
  plans: (supports) => arbitraryHandoffPlans({ supports, ...setup }),
  leavesOut: (supports) => listUndrawnWithHandoffs({ supports, ...setup }),
}

export default handoffCycles
