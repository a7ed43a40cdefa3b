import type { Generated } from '../harness/contract/scenario.ts'
import { arbitraryPlans } from '../harness/plan/arbitraries/plan.ts'
import { addCanaries } from '../harness/plan/canary.ts'
import { listUndrawn, type ScenarioSetup } from '../harness/plan/coverage/undrawn.ts'
import type { Plan, Turn } from '../harness/plan/types.ts'

const streamed = { stream: true, target: 'same', pull: 'same-context' } satisfies Partial<Turn>

/** The case of the upstream issue: a stream fails half way while telemetry is on. A second turn follows. */
const streamFailsHalfWay: Plan = addCanaries({
  schema: 1,
  seed: '00005231',
  team: [{ name: 'agent', instructions: 'You are a careful assistant.', tools: [], handoffs: [] }],
  conversations: [
    {
      session: 'history',
      store: true,
      turns: [
        {
          ...streamed,
          say: 'What is the weather?',
          answers: [
            {
              items: [{ type: 'text', text: 'It is sunny, with some clouds.' }],
              faults: [{ kind: 'error-event', at: 6, form: 'nested', code: 'server_error' }],
            },
          ],
        },
        { ...streamed, say: 'And tomorrow?', answers: [{ items: [{ type: 'text', text: 'The same.' }] }] },
      ],
    },
  ],
  delivery: [],
  mode: { start: 'on' },
})

const setup: ScenarioSetup = {
  conversations: { min: 1, max: 1 },
  turns: { min: 2, max: 3 },
  spoiled: 80,
  stopped: 30,
  broken: 10,
  throwing: 15,
  growth: 3,
  facts: 20,
}

/**
 * The answer of the model breaks: the connection is refused, lost or silent, the status is an error, or the stream ends early,
 * in an error, incomplete or with invalid data. The fault occurs before the first event, inside a text, inside the arguments
 * of a call, or right before the end. It occurs in the first answer or after a tool result. Some users stop the run, and some
 * tools and hooks throw. Then the user takes another turn.
 *
 * The runtime must report each failure, must not report a success, and must leave nothing open. The service must accept the
 * history that the runtime sends in the next turn.
 */
const streamErrors: Generated = {
  about:
    'Breaks answers with every fault at every place, also after a tool result; some runs are stopped, and some tools and hooks throw; then a next turn follows.',
  source:
    'https://github.com/microsoft/agent-framework/issues/5231 (after_run context providers fire on a streaming error)',
  needs: ['history'],
  cases: { 'maf-after-run': streamFailsHalfWay },
  plans: (supports) => arbitraryPlans({ supports, ...setup }),
  leavesOut: (supports) => listUndrawn({ supports, ...setup }),
}

export default streamErrors
