import { plans } from '../harness/plan/arbitraries/plan.ts'
import type { Generated } from '../harness/scenario.ts'

const scenario: Generated = {
  about:
    'Every fault at every place of an answer, streamed and not, also after a tool result; then a next turn.',
  source: 'microsoft/agent-framework: after_run context providers fire on a streaming error',
  needs: ['history'],
  plans: (supports) =>
    plans({ conversations: { min: 1, max: 1 }, turns: { min: 2, max: 3 }, spoiled: 60, supports }),
}
export default scenario
