import type { Defect } from '../defect.ts'
import { endSpan } from '../telemetry/span.ts'

export default {
  name: 'spans-left-open-on-error',
  scenario: 'stream-errors',
  breaks: 'no-leaked-spans',
  does: 'Ends the span of what succeeded or was stopped, and forgets that of what failed.',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    endSpan(span, ending, attributes, content) {
      if (ending.kind !== 'failed') endSpan(span, ending, attributes, content)
    },
  }),
} satisfies Defect
