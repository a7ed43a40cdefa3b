import type { Defect } from '../defect.ts'

export default {
  name: 'tracer-error-unhandled',
  scenario: 'instrumentation-toggles',
  breaks: 'process-survives',
  cause: 'unhandled rejection: Error',
  does: 'Hands the error of a tracer or span processor to a promise that nobody handles.',
  source: 'https://opentelemetry.io/docs/specs/otel/error-handling/',
  smallest: { conversations: 1, answers: 0 },
  parts: () => ({
    runGuarded(work) {
      try {
        return work()
      } catch (error) {
        void Promise.reject(error)
        return undefined
      }
    },
  }),
} satisfies Defect
