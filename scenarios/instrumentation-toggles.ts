import type { Generated } from '../harness/contract/scenario.ts'
import { plans } from '../harness/plan/arbitraries/plan.ts'
import { withCanaries } from '../harness/plan/canary.ts'
import type { Plan } from '../harness/plan/types.ts'

/** The document's own case: a long streamed answer, each update pulled from another async context, telemetry on. */
const pulledFromManyContexts: Plan = withCanaries({
  schema: 1,
  seed: '00006866',
  team: [{ name: 'agent', instructions: 'You tell long stories.', tools: [], handoffs: [] }],
  conversations: [
    {
      session: 'history',
      store: true,
      turns: [
        {
          say: 'Tell me a long story.',
          stream: true,
          answers: [{ items: [{ type: 'text', text: 'And then they went on. '.repeat(40) }] }],
          target: 'same',
          pull: 'new-context-per-pull',
        },
      ],
    },
  ],
  delivery: [],
  mode: { start: 'on' },
})

/**
 * Somebody switches telemetry on. Every plan is run with it off, on, and with sensitive data, and once more with something
 * that befalls it: it is switched while runs are on, its exporter throws, hangs or loses what it gets, a tracer or a span
 * processor throws or forgets. Meanwhile the user pulls his stream from one async context or from many, hands it over,
 * awaits its end only, leaves it early or stops it.
 *
 * Whoever looks at the runs must see no difference: same answers, same requests, same updates, same hooks, same end.
 */
const instrumentationToggles: Generated = {
  about:
    'Each plan with telemetry off, on and sensitive, and once more with a part of it broken or switched on the way; pulled and stopped in every way.',
  source:
    'https://github.com/microsoft/agent-framework/issues/6866 (observability fails a stream that succeeds without it)',
  needs: ['history', 'spans'],
  comparesAll: true,
  cases: { 'maf-6866': pulledFromManyContexts },
  plans: (supports) =>
    plans({
      supports,
      conversations: { min: 1, max: 2 },
      turns: { min: 1, max: 2 },
      modes: ['on', 'sensitive'],
      disturbed: 90,
      spoiled: 25,
      stopped: 45,
      broken: 10,
      throwing: 10,
    }),
}

export default instrumentationToggles
