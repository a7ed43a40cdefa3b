import type { Defect } from '../defect.ts'

export default {
  name: 'limit-taken-for-success',
  scenario: 'sessions',
  breaks: 'limit-ends-the-run',
  cause: 'run completed at the limit',
  does: 'Reports a run as completed whose last answer within the limit calls tools.',
  smallest: { conversations: 1, answers: 2 },
  edits: [
    {
      file: 'run.ts',
      find: 'if (handoff !== undefined) return',
      replace: 'if (handoff !== undefined || round + 1 === maxAnswers) return',
    },
  ],
} satisfies Defect
