import { soundParts } from '../parts.ts'
import type { Variant } from '../variant.ts'

export default {
  name: 'run-span-without-usage',
  does: 'Puts the tokens on the span of each request, and none on the span of the run.',
  source:
    'https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-agent-spans/ (usage is only recommended)',
  parts: () => ({
    endSpan(span, ending, attributes, content) {
      const isRun = !('gen_ai.response.id' in attributes)
      const kept = Object.entries(attributes).filter(([key]) => !isRun || !key.startsWith('gen_ai.usage.'))
      soundParts.endSpan(span, ending, Object.fromEntries(kept), content)
    },
  }),
} satisfies Variant
