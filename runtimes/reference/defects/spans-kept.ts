import type { Defect } from '../defect.ts'

export default {
  name: 'spans-kept',
  scenario: 'sessions',
  breaks: 'nothing-grows',
  cause: 'spans kept',
  does: 'Keeps each span that it has started in a list.',
  smallest: { conversations: 1, answers: 0 },
  parts: () => {
    const kept: unknown[] = []
    return {
      startSpan(tracer, name, options, above) {
        const span = tracer.startSpan(name, options, above)
        kept.push(span)
        return span
      },
    }
  },
} satisfies Defect
