import type { Defect } from '../defect.ts'

export default {
  name: 'other-cleanups-skipped',
  scenario: 'stream-errors',
  breaks: 'each-cleanup-fires',
  cause: 'second cleanup missing',
  does: 'Leaves out the cleanup hooks after one that throws.',
  source:
    'https://github.com/microsoft/agent-framework/issues/5231 (cleanup hooks run on completion and on error)',
  smallest: { conversations: 1, answers: 0 },
  edits: [
    {
      file: 'response-stream.ts',
      find: `        if (last.kind === 'completed') last = failed(error)
`,
      replace: `        if (last.kind === 'completed') last = failed(error)
        break
`,
    },
  ],
} satisfies Defect
