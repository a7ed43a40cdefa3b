import type { Defect } from '../defect.ts'

export default {
  name: 'incomplete-usage-lost',
  scenario: 'stream-errors',
  breaks: 'delivery-is-faithful',
  cause: 'tokens of the outcome',
  does: 'Does not count the tokens of an incomplete answer.',
  smallest: { conversations: 1, answers: 1 },
  edits: [
    {
      file: 'chat.ts',
      find: 'parts.countUsage(run.usage, response)',
      replace: "if (response.status === 'completed') parts.countUsage(run.usage, response)",
    },
  ],
} satisfies Defect
