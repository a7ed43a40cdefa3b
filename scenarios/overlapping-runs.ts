import { plans } from '../harness/plan/arbitraries/plan.ts'
import type { Generated } from '../harness/scenario.ts'

/**
 * Two to four users talk to the same agent instances at once, as they do behind a server. Whose turn it is to get the next
 * stream event, answer or tool result is drawn, so that any two runs may meet at any place: one asks while the other's
 * stream is half way, two tools give their results in the wrong order, one run fails or is stopped while another goes on.
 *
 * Nobody may notice the others: each user gets the text, the tool results, the hooks and the spans of his own run, and the
 * service sees each conversation as if it were the only one.
 */
const overlappingRuns: Generated = {
  about:
    'Two to four conversations on the same agent instances, interleaved in any way, some of them failing.',
  source: 'alibaba/loongsuite-python-agent#184: per-call state on a shared instance',
  needs: ['history'],
  plans: (supports) =>
    plans({
      supports,
      conversations: { min: 2, max: 4 },
      turns: { min: 1, max: 2 },
      spoiled: 30,
      stopped: 10,
      facts: 10,
    }),
}
export default overlappingRuns
