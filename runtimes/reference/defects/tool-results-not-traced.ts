import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'tool-results-not-traced',
  scenario: 'instrumentation-toggles',
  breaks: 'sensitive-spans-hold-content',
  cause: 'the tool result missing',
  does: 'Records neither the results of tools nor what the model is told of them.',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    formatInputMessages: (items) =>
      soundParts.formatInputMessages(items.filter(({ type }) => type !== 'function_call_output')),
    endSpan(span, ending, { 'gen_ai.tool.call.result': _, ...attributes }, content) {
      soundParts.endSpan(span, ending, attributes, content)
    },
  }),
} satisfies Defect
