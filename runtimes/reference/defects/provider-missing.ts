import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'provider-missing',
  scenario: 'sessions',
  breaks: 'spans-have-required-attributes',
  cause: 'chat span lacks gen_ai.provider.name',
  does: 'Starts the spans of its requests without the name of the provider.',
  smallest: { conversations: 1, answers: 0 },
  parts: () => ({
    startSpan(tracer, name, options, above) {
      const { 'gen_ai.provider.name': _, ...attributes } = options.attributes ?? {}
      return soundParts.startSpan(tracer, name, { ...options, attributes }, above)
    },
  }),
} satisfies Defect
