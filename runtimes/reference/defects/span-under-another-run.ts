import { type Context, trace } from '@opentelemetry/api'
import type { Defect } from '../defect.ts'

export default {
  name: 'span-under-another-run',
  scenario: 'concurrency',
  breaks: 'spans-counted',
  cause: 'too few chat spans, run completed',
  does: 'Uses the last run that started on the agent as the parent of all spans.',
  source: 'https://github.com/alibaba/loongsuite-python-agent/pull/184',
  smallest: { conversations: 2, answers: 4 },
  parts() {
    let last: Context | undefined
    return {
      startSpan(tracer, name, options, above) {
        if (!name.startsWith('invoke_agent')) return tracer.startSpan(name, options, last ?? above)
        const span = tracer.startSpan(name, options, above)
        last = trace.setSpan(above, span)
        return span
      },
    }
  },
} satisfies Defect
