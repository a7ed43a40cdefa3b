import type { Generated } from '../harness/contract/scenario.ts'
import { arbitraryPlans } from '../harness/plan/arbitraries/plan.ts'
import { addCanaries } from '../harness/plan/canary.ts'
import { listUndrawn, type ScenarioSetup } from '../harness/plan/coverage/undrawn.ts'
import type { Conversation, Plan, ToolSpec } from '../harness/plan/types.ts'

const lookup: ToolSpec = {
  name: 'lookup',
  parameters: { type: 'object', properties: { value: { type: 'string' } }, required: ['value'] },
  does: [{ kind: 'return', value: 'found', gated: true }],
}

const oneToolCall: Conversation = {
  session: 'history',
  store: true,
  turns: [
    {
      say: 'Look it up.',
      stream: false,
      answers: [
        { items: [{ type: 'call', tool: 'lookup', args: { value: 'it' } }] },
        { items: [{ type: 'text', text: 'Here it is.' }] },
      ],
      target: 'same',
      pull: 'same-context',
    },
  ],
}

/**
 * The test of the upstream pull request: two runs on one agent, each with one tool call. Both runs finish their first step
 * before either begins its second. An instrumented agent starts 2 agent, 4 step, 4 chat and 2 tool spans in two trees.
 */
const twoRunsWithOneToolCall: Plan = addCanaries({
  schema: 1,
  seed: '00000184',
  team: [{ name: 'agent', instructions: 'You look things up.', tools: [lookup], handoffs: [] }],
  conversations: [oneToolCall, oneToolCall],
  delivery: Array.from({ length: 24 }, (_, step) => step % 2),
  mode: { start: 'on' },
})

const setup: ScenarioSetup = {
  conversations: { min: 2, max: 16 },
  turns: { min: 1, max: 2 },
  nested: ['another', 'itself'],
  spoiled: 30,
  stopped: 10,
  facts: 10,
}

/**
 * Two to sixteen users talk to the same agent instances at the same time, as behind a server. The plan decides at random
 * which run gets the next stream event, answer or tool result, so two runs can overlap at any point. For example, one run
 * sends a request while another streams, two tools return in the wrong order, or one run fails while another continues. An
 * agent may also be called again from inside its own tool.
 *
 * Each user must get the text, tool results, hooks, token counts and spans of their own run. The service must see each
 * conversation as if it were the only one.
 */
const concurrency: Generated = {
  about:
    'Runs two to sixteen overlapping conversations on the same agent instances; some runs fail, and some agents are called from inside their own tool.',
  source: 'https://github.com/alibaba/loongsuite-python-agent/pull/184 (per-call state on a shared instance)',
  needs: ['history'],
  cases: { 'loongsuite-184': twoRunsWithOneToolCall },
  plans: (supports) => arbitraryPlans({ supports, ...setup }),
  leavesOut: (supports) => listUndrawn({ supports, ...setup }),
}

export default concurrency
