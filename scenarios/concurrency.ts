import type { Generated } from '../harness/contract/scenario.ts'
import { plans } from '../harness/plan/arbitraries/plan.ts'
import { withCanaries } from '../harness/plan/canary.ts'
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
 * The document's own test: two runs on one agent with one tool call each, both past their first step before either goes
 * on. An instrumented agent makes 2 agent, 4 step, 4 chat and 2 tool spans of it, in two trees.
 */
const twoRunsWithOneToolCall: Plan = withCanaries({
  schema: 1,
  seed: '00000184',
  team: [{ name: 'agent', instructions: 'You look things up.', tools: [lookup], handoffs: [] }],
  conversations: [oneToolCall, oneToolCall],
  delivery: Array.from({ length: 24 }, (_, step) => step % 2),
  mode: { start: 'on' },
})

/**
 * Two to sixteen users talk to the same agent instances at once, as they do behind a server. Whose turn it is to get the
 * next stream event, answer or tool result is drawn, so that any two runs may meet at any place: one asks while the other's
 * stream is half way, two tools give their results in the wrong order, one run fails or is stopped while another goes on,
 * an agent is asked again from inside its own tool.
 *
 * Nobody may notice the others: each user gets the text, the tool results, the hooks, the token counts and the spans of his
 * own run, and the service sees each conversation as if it were the only one.
 */
const concurrency: Generated = {
  about:
    'Two to sixteen conversations on the same agent instances, interleaved in any way, some of them failing; an agent asked again from inside its own tool.',
  source: 'https://github.com/alibaba/loongsuite-python-agent/pull/184 (per-call state on a shared instance)',
  needs: ['history'],
  cases: { 'loongsuite-184': twoRunsWithOneToolCall },
  plans: (supports) =>
    plans({
      supports,
      conversations: { min: 2, max: 16 },
      turns: { min: 1, max: 2 },
      nested: ['another', 'itself'],
      spoiled: 30,
      stopped: 10,
      facts: 10,
    }),
}

export default concurrency
