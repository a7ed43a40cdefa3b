import type { Defect } from '../defect.ts'

export default {
  name: 'workflow-usage-lost',
  scenario: 'handoff-cycles',
  breaks: 'delivery-is-faithful',
  cause: 'tokens of the outcome',
  does: 'Reports the tokens of the last agent of a workflow only.',
  smallest: { conversations: 1, answers: 2 },
  edits: [
    {
      file: 'handoff/turn.ts',
      find: 'addUsage(this.usage, usage)',
      replace: 'Object.assign(this.usage, usage)',
    },
  ],
} satisfies Defect
