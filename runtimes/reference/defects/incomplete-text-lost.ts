import type { Defect } from '../defect.ts'

export default {
  name: 'incomplete-text-lost',
  scenario: 'stream-errors',
  breaks: 'delivery-is-faithful',
  cause: 'text of the outcome',
  does: 'Reports an incomplete answer without its text.',
  smallest: { conversations: 1, answers: 1 },
  edits: [
    {
      file: 'run.ts',
      find: "if (response.status === 'incomplete') return { status: 'incomplete', ...ended }",
      replace: "if (response.status === 'incomplete') return { status: 'incomplete', ...ended, text: '' }",
    },
  ],
} satisfies Defect
