import { plans } from '../harness/plan/arbitraries/plan.ts'
import type { Generated } from '../harness/scenario.ts'

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
  plans: (supports) =>
    plans({
      supports,
      conversations: { min: 2, max: 16 },
      turns: { min: 1, max: 2 },
      spoiled: 30,
      stopped: 10,
      facts: 10,
    }),
}

export default concurrency
