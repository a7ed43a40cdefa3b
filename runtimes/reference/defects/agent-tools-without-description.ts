import type { Defect } from '../defect.ts'

export default {
  name: 'agent-tools-without-description',
  scenario: 'sessions',
  breaks: 'tool-schemas-kept',
  cause: 'description lost',
  does: 'A tool that is an agent has no description, so the model does not learn what it does.',
  smallest: { conversations: 1, answers: 1 },
  edits: [
    {
      file: 'agent.ts',
      find: '      ...(description === undefined ? {} : { description }),\n',
      replace: '',
    },
  ],
} satisfies Defect
