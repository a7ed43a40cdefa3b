import type { Defect } from '../defect.ts'

export default {
  name: 'failure-without-status',
  scenario: 'stream-errors',
  breaks: 'span-status-tells-outcome',
  cause: 'invoke_agent span lacks status ERROR, run failed',
  does: 'Ends the span of a failed operation with the status of a success.',
  source: 'https://github.com/AgentOps-AI/agentops/pull/1431',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    endSpan(span, _, attributes) {
      span.setAttributes(attributes)
      span.end()
    },
  }),
} satisfies Defect
