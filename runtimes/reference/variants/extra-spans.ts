import { trace } from '@opentelemetry/api'
import { soundParts } from '../parts.ts'
import type { Variant } from '../variant.ts'

export default {
  name: 'extra-spans',
  does: 'Puts a span of its own around each operation, and a short one before it.',
  source: 'https://opentelemetry.io/docs/concepts/signals/traces/ (an application adds spans as it likes)',
  parts: () => {
    const around = new WeakMap<object, { end(): void }>()
    return {
      startSpan(tracer, name, options, above) {
        const outer = tracer.startSpan(`around ${name}`, {}, above)
        const inside = trace.setSpan(above, outer)
        tracer.startSpan('prepare', {}, inside).end()
        const span = soundParts.startSpan(tracer, name, options, inside)
        if (span) around.set(span, outer)
        return span
      },
      endSpan(span, ...rest) {
        soundParts.endSpan(span, ...rest)
        around.get(span)?.end()
      },
    }
  },
} satisfies Variant
