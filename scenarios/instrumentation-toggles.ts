import type { Generated } from '../harness/contract/scenario.ts'
import { arbitraryPlans } from '../harness/plan/arbitraries/plan.ts'
import { addCanaries } from '../harness/plan/canary.ts'
import { listUndrawn, type ScenarioSetup } from '../harness/plan/coverage/undrawn.ts'
import type { Plan } from '../harness/plan/types.ts'

/**
 * The case of the upstream issue: a long streamed answer with telemetry on, each update pulled from another async context.
 */
const pulledFromManyContexts: Plan = addCanaries({
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

const setup: ScenarioSetup = {
  conversations: { min: 1, max: 2 },
  turns: { min: 1, max: 2 },
  modes: ['on', 'sensitive'],
  disturbed: 90,
  spoiled: 25,
  stopped: 45,
  broken: 10,
  throwing: 10,
}

/**
 * Each plan runs with telemetry off, on, and with sensitive data. It runs once more while telemetry is disturbed: telemetry is
 * switched during a run, the exporter throws, hangs or loses spans, or a tracer or span processor throws or drops spans. The
 * user pulls the stream from one or several async contexts, hands it to another context, awaits only the outcome, returns
 * early, or aborts.
 *
 * All runs of a plan must have the same outcomes, requests, updates and hooks.
 */
const instrumentationToggles: Generated = {
  about:
    'Runs each plan with telemetry off, on, with sensitive data, and with broken or switched telemetry; streams are pulled and stopped in every way.',
  source:
    'https://github.com/microsoft/agent-framework/issues/6866 (observability fails a stream that succeeds without it)',
  needs: ['history', 'spans'],
  comparesAll: true,
  cases: { 'maf-6866': pulledFromManyContexts },
  plans: (supports) => arbitraryPlans({ supports, ...setup }),
  leavesOut: (supports) => listUndrawn({ supports, ...setup }),
}

export default instrumentationToggles
