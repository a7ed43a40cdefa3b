import type { Defect } from '../defect.ts'
import { endSpan } from '../telemetry/span.ts'

export default {
  name: 'failure-written-to-stderr',
  scenario: 'stream-errors',
  breaks: 'process-stays-quiet',
  cause: 'written to stderr: ResponseFailedError',
  does: 'Writes the error of a failed request to stderr.',
  source: 'https://github.com/google/adk-python/issues/6893',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    endSpan(span, ending, attributes, content) {
      if (ending.kind === 'failed') console.error('request failed:', ending.error)
      endSpan(span, ending, attributes, content)
    },
  }),
} satisfies Defect
