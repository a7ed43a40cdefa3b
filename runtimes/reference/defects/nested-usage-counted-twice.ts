import type { Defect } from '../defect.ts'

export default {
  name: 'nested-usage-counted-twice',
  scenario: 'sessions',
  breaks: 'delivery-is-faithful',
  cause: 'tokens of the outcome',
  does: 'Counts the tokens of every answer twice.',
  smallest: { conversations: 1, answers: 0 },
  edits: [
    {
      file: 'agent-response.ts',
      find: 'total.inputTokens += more.inputTokens',
      replace: 'total.inputTokens += 2 * more.inputTokens',
    },
  ],
} satisfies Defect
