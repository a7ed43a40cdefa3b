import type { Generated } from '../harness/contract/scenario.ts'
import { plans } from '../harness/plan/arbitraries/plan.ts'
import { withCanaries } from '../harness/plan/canary.ts'
import type { Plan, Turn } from '../harness/plan/types.ts'

const streamed = { stream: true, target: 'same', pull: 'same-context' } satisfies Partial<Turn>

/** The document's own case: a stream that fails half way while telemetry is on; then the user goes on. */
const streamFailsHalfWay: Plan = withCanaries({
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

/**
 * A user says something, and the model's answer breaks: the connection is refused, lost, or silent; the status is one to
 * retry or one not to; the stream ends too early, in an error, incomplete, or in something that is no event at all. It
 * breaks before its first event, inside a text, inside a call's arguments, or right before its end; at once, or after a
 * tool has been called and its result sent. Some users do not wait and stop the run themselves; some tools and hooks throw.
 *
 * Then the user goes on as if nothing had been. What was lost must have been reported, nothing may be left open, nothing
 * may have been told as a success, and the service must accept what the runtime remembers of it all.
 */
const streamErrors: Generated = {
  about:
    'Every fault at every place of an answer, also after a tool result; stops, stalls, tools and hooks that throw; then a next turn.',
  source:
    'https://github.com/microsoft/agent-framework/issues/5231 (after_run context providers fire on a streaming error)',
  needs: ['history'],
  cases: { 'maf-after-run': streamFailsHalfWay },
  plans: (supports) =>
    plans({
      supports,
      conversations: { min: 1, max: 1 },
      turns: { min: 2, max: 3 },
      spoiled: 80,
      stopped: 30,
      broken: 10,
      throwing: 15,
      facts: 20,
    }),
}

export default streamErrors
