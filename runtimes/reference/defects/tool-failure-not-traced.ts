import type { Defect } from '../defect.ts'

export default {
  name: 'tool-failure-not-traced',
  scenario: 'sessions',
  breaks: 'tool-span-tells-failure',
  cause: 'tool threw',
  does: 'Ends the span of a tool that threw as if the tool had returned, because the model gets an output.',
  smallest: { conversations: 1, answers: 2 },
  parts: () => ({
    traceEnding: (ending) => (ending.kind === 'failed' ? { kind: 'completed', result: '' } : ending),
  }),
} satisfies Defect
