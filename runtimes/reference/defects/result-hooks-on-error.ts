import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'result-hooks-on-error',
  scenario: 'stream-errors',
  breaks: 'cleanup-once',
  cause: 'result fired, run failed',
  does: 'Asks a failed stream for its final response to fill a span, and so calls the result hooks.',
  source: 'https://github.com/microsoft/agent-framework/issues/5231',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    chooseHookResult: (ending) =>
      ending.kind === 'failed' ? ({} as never) : soundParts.chooseHookResult(ending),
  }),
} satisfies Defect
