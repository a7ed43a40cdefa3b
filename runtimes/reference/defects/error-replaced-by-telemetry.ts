import type { Defect } from '../defect.ts'
import { endSpan } from '../telemetry/span.ts'

export default {
  name: 'error-replaced-by-telemetry',
  scenario: 'stream-errors',
  breaks: 'original-error-kept',
  cause: 'other error, failed response',
  does: 'Throws its own error while it ends the span of a failed operation, instead of the original error.',
  source: 'https://github.com/microsoft/agent-framework/issues/6866',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    endSpan(span, ending, attributes, content) {
      endSpan(span, ending, attributes, content)
      if (ending.kind === 'failed') throw new TypeError('the usage of undefined cannot be read')
    },
    runGuarded: (work) => work(),
  }),
} satisfies Defect
