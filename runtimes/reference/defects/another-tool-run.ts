import type { Defect } from '../defect.ts'

export default {
  name: 'another-tool-run',
  scenario: 'stream-errors',
  breaks: 'only-complete-calls-run',
  cause: 'another tool than the call names',
  does: 'Runs the first tool, whatever tool the model calls.',
  smallest: { conversations: 1, answers: 1 },
  edits: [
    {
      file: 'tool-calls.ts',
      find: 'const tool = run.tools.get(call.name)',
      replace: 'const [tool] = run.tools.values()',
    },
  ],
} satisfies Defect
