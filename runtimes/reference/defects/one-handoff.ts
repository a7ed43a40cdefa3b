import type { Defect } from '../defect.ts'

export default {
  name: 'one-handoff',
  scenario: 'handoff-cycles',
  breaks: 'healthy-run-completes',
  cause: 'run failed',
  does: 'Fails every turn with more than one handoff.',
  smallest: { conversations: 1, answers: 3 },
  edits: [
    {
      file: 'handoff/turn.ts',
      find: 'const MOST_HANDOFFS = 64',
      replace: 'const MOST_HANDOFFS = 1',
    },
  ],
} satisfies Defect
