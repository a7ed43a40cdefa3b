import type { Attributes } from '@opentelemetry/api'
import { soundParts } from '../parts.ts'
import type { Variant } from '../variant.ts'

export default {
  name: 'own-attributes',
  does: 'Names the attributes of its spans in its own way, and does not follow the GenAI conventions.',
  source: 'https://docs.smith.langchain.com/observability (a tracer with attributes of its own)',
  declares: { without: ['semconv'] },
  parts: () => ({
    startSpan: (tracer, name, { attributes = {}, ...options }, above) =>
      soundParts.startSpan(
        tracer,
        `mine.${name}`,
        { ...options, attributes: renameAttributes(attributes) },
        above,
      ),
    endSpan: (span, ending, attributes, content) =>
      soundParts.endSpan(span, ending, renameAttributes(attributes), content),
  }),
} satisfies Variant

function renameAttributes(attributes: Attributes): Attributes {
  const renamed = Object.entries(attributes).map(([key, value]) => [key.replace('gen_ai.', 'mine.'), value])
  return Object.fromEntries(renamed) as Attributes
}
