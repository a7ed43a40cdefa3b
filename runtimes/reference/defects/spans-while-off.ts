import type { Defect } from '../defect.ts'

export default {
  name: 'spans-while-off',
  scenario: 'instrumentation-toggles',
  breaks: 'off-means-no-spans',
  cause: 'invoke_agent span',
  does: 'Starts empty spans while telemetry is off.',
  source: 'https://github.com/traceloop/openllmetry/issues/3006',
  smallest: { conversations: 1, answers: 0 },
  parts: () => ({ hasSpan: () => true }),
} satisfies Defect
