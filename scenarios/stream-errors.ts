import { plans } from '../harness/plan/arbitraries/plan.ts'
import type { Generated } from '../harness/scenario.ts'

const scenario: Generated = {
  about:
    'Every fault at every place of an answer, also after a tool result; stops, stalls, tools and hooks that throw; then a next turn.',
  source: 'microsoft/agent-framework: after_run context providers fire on a streaming error',
  needs: ['history'],
  plans: (supports) =>
    plans({
      supports,
      conversations: { min: 1, max: 1 },
      turns: { min: 2, max: 3 },
      spoiled: 60,
      stopped: 15,
      broken: 10,
      throwing: 15,
    }),
}
export default scenario
