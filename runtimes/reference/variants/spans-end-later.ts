import { soundParts } from '../parts.ts'
import type { Variant } from '../variant.ts'

/** Milliseconds from the end of an operation to the end of its span. */
const DELAY = 5

export default {
  name: 'spans-end-later',
  does: 'Ends each span five milliseconds after its operation, and waits for these ends when it is closed.',
  source: 'https://opentelemetry.io/docs/specs/otel/trace/api/#end (no rule says that a span ends at once)',
  parts: () => {
    const open = new Set<Promise<void>>()
    return {
      endSpan(...ending) {
        const ended = new Promise<void>((resolve) => {
          globalThis.setTimeout(() => {
            open.delete(ended)
            // Nobody would catch what a broken tracer throws here.
            try {
              soundParts.endSpan(...ending)
            } catch {}
            resolve()
          }, DELAY)
        })
        open.add(ended)
      },
      async closeTeam(cancelRuns) {
        await cancelRuns()
        await Promise.all(open)
      },
    }
  },
} satisfies Variant
