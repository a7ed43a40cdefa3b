import type { Defect } from '../defect.ts'

export default {
  name: 'one-tool-round',
  scenario: 'stream-errors',
  breaks: 'healthy-run-completes',
  cause: 'run failed',
  does: 'Fails every run in which the model calls tools in more than one answer.',
  smallest: { conversations: 1, answers: 1 },
  edits: [
    {
      file: 'run.ts',
      find: 'round < maxAnswers; round++',
      replace: 'round < Math.min(maxAnswers, 1); round++',
    },
  ],
} satisfies Defect
