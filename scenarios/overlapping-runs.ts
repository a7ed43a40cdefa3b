import { plans } from '../harness/plan/arbitraries/plan.ts'
import type { Generated } from '../harness/scenario.ts'

const scenario: Generated = {
  about:
    'Two to four conversations on the same agent instances, interleaved in any way, some of them failing.',
  source: 'alibaba/loongsuite-python-agent#184: per-call state on a shared instance',
  needs: ['history'],
  plans: (supports) =>
    plans({
      conversations: { min: 2, max: 4 },
      turns: { min: 1, max: 2 },
      spoiled: 15,
      stopped: 10,
      supports,
    }),
}
export default scenario
