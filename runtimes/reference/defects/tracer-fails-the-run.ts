import type { Defect } from '../defect.ts'

export default {
  name: 'tracer-fails-the-run',
  scenario: 'instrumentation-toggles',
  breaks: 'survives-broken-tracer',
  cause: 'outcome, span-start throw',
  does: 'Lets a run fail if a tracer or span processor throws.',
  source: 'https://opentelemetry.io/docs/specs/otel/error-handling/',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({ runGuarded: (work) => work() }),
} satisfies Defect
