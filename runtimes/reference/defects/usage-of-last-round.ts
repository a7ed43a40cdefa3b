import type { Defect } from '../defect.ts'

export default {
  name: 'usage-of-last-round',
  scenario: 'stream-errors',
  breaks: 'delivery-is-faithful',
  cause: 'tokens of the outcome',
  does: 'Reports the tokens of the first answer of a run only.',
  smallest: { conversations: 1, answers: 2 },
  edits: [
    {
      file: 'agent-response.ts',
      find: `  total.inputTokens += more.inputTokens
  total.outputTokens += more.outputTokens`,
      replace: `  total.inputTokens ||= more.inputTokens
  total.outputTokens ||= more.outputTokens`,
    },
  ],
} satisfies Defect
