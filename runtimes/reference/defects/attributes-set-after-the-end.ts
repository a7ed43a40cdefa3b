import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'attributes-set-after-the-end',
  scenario: 'sessions',
  breaks: 'spans-unchanged-after-end',
  cause: 'chat span, attribute',
  does: 'Ends a span first, and then sets its last attributes, which are lost.',
  source: 'https://opentelemetry.io/docs/specs/otel/trace/api/#end',
  smallest: { conversations: 1, answers: 0 },
  parts: () => ({
    endSpan(span, ending, attributes, content) {
      soundParts.endSpan(span, ending, {}, content)
      span.setAttributes(attributes)
    },
  }),
} satisfies Defect
