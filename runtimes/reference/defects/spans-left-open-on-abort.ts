import type { Defect } from '../defect.ts'
import { endSpan } from '../telemetry/span.ts'

export default {
  name: 'spans-left-open-on-abort',
  scenario: 'stream-errors',
  breaks: 'no-leaked-spans',
  cause: 'invoke_agent span, run aborted',
  does: 'Does not end the spans of aborted operations.',
  source: 'https://github.com/open-telemetry/opentelemetry-python-genai/issues/491',
  smallest: { conversations: 1, answers: 0 },
  parts: () => ({
    endSpan(span, ending, attributes, content) {
      if (ending.kind !== 'stopped') endSpan(span, ending, attributes, content)
    },
  }),
} satisfies Defect
