import type { Defect } from '../defect.ts'

export default {
  name: 'settings-lost',
  scenario: 'sessions',
  breaks: 'request-as-configured',
  cause: 'setting',
  does: 'Sends no model settings of an agent.',
  smallest: { conversations: 1, answers: 1 },
  edits: [
    {
      file: 'chat-request.ts',
      find: `    ...definition.settings,
`,
      replace: '',
    },
  ],
} satisfies Defect
