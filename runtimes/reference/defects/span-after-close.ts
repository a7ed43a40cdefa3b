import type { Tracer } from '@opentelemetry/api'
import type { Defect } from '../defect.ts'

export default {
  name: 'span-after-close',
  scenario: 'stream-errors',
  breaks: 'nothing-left-behind',
  cause: 'late span.start',
  does: 'Reports the closing of the team in a span, a second after the team was closed.',
  source:
    'https://opentelemetry.io/docs/specs/otel/trace/sdk/#shutdown (no tracer is given out after the shutdown)',
  smallest: { conversations: 1, answers: 0 },
  parts() {
    let known: Tracer | undefined
    return {
      startSpan(tracer, name, options, above) {
        known = tracer
        return tracer.startSpan(name, options, above)
      },
      async closeTeam(cancelRuns) {
        await cancelRuns()
        setTimeout(() => known?.startSpan('close_team').end(), 1000)
      },
    }
  },
} satisfies Defect
