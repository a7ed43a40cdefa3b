import type { Defect } from '../defect.ts'

export default {
  name: 'nested-answer-cut',
  scenario: 'sessions',
  breaks: 'no-altered-context',
  cause: 'result altered',
  does: 'Gives the model only the first 30 characters of what an agent answered that ran as a tool.',
  smallest: { conversations: 1, answers: 2 },
  edits: [
    {
      file: 'agent.ts',
      find: `        return text
      },`,
      replace: `        return text.slice(0, 30)
      },`,
    },
  ],
} satisfies Defect
