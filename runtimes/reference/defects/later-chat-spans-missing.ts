import { trace } from '@opentelemetry/api'
import type { Defect } from '../defect.ts'

export default {
  name: 'later-chat-spans-missing',
  scenario: 'stream-errors',
  breaks: 'spans-counted',
  cause: 'too few chat spans, run completed',
  does: 'Starts a chat span only for the first request of a run.',
  source: 'https://github.com/alibaba/loongsuite-python-agent/pull/184',
  smallest: { conversations: 1, answers: 2 },
  parts() {
    const asked = new Set<string | undefined>()
    return {
      startSpan(tracer, name, options, above) {
        if (!name.startsWith('chat')) return tracer.startSpan(name, options, above)
        // All spans of a run are in one trace.
        const run = trace.getSpanContext(above)?.traceId
        if (asked.has(run)) return undefined
        asked.add(run)
        return tracer.startSpan(name, options, above)
      },
    }
  },
} satisfies Defect
