import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'stop-traced-as-failure',
  scenario: 'stream-errors',
  breaks: 'stop-is-no-failure',
  cause: 'invoke_agent span of a stopped run',
  does: 'Marks the spans of a run that was stopped as failed.',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    endSpan(span, ending, attributes, content) {
      const told = ending.kind === 'stopped' ? { kind: 'failed' as const, error: ending.reason } : ending
      soundParts.endSpan(span, told, attributes, content)
    },
  }),
} satisfies Defect
