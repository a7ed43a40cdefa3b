import type { Defect } from '../defect.ts'
import { endSpan } from '../telemetry/span.ts'

export default {
  name: 'spans-left-open-on-error',
  scenario: 'stream-errors',
  breaks: 'no-leaked-spans',
  cause: 'invoke_agent span, run failed',
  does: 'Does not end the spans of failed operations.',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    endSpan(span, ending, attributes, content) {
      if (ending.kind !== 'failed') endSpan(span, ending, attributes, content)
    },
  }),
} satisfies Defect
