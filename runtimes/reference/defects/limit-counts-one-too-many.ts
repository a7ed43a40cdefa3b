import type { Defect } from '../defect.ts'

export default {
  name: 'limit-counts-one-too-many',
  scenario: 'sessions',
  breaks: 'limit-ends-the-run',
  cause: 'answer beyond the limit',
  does: 'Lets a run use one more answer than its limit allows.',
  smallest: { conversations: 1, answers: 2 },
  edits: [
    {
      file: 'run.ts',
      find: 'round < maxAnswers; round++',
      replace: 'round <= maxAnswers; round++',
    },
  ],
} satisfies Defect
