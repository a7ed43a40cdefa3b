import { endSpan } from '../telemetry/span.ts'
import type { Defect } from './defect.ts'

export default {
  name: 'spans-left-open-on-error',
  breaks: 'no-leaked-spans',
  does: 'Ends the span of what succeeded or was stopped, and forgets that of what failed.',
  parts: () => ({
    endSpan(span, ending, attributes, content) {
      if (ending.kind !== 'failed') endSpan(span, ending, attributes, content)
    },
  }),
} satisfies Defect
