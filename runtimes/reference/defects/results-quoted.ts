import type { Defect } from '../defect.ts'

export default {
  name: 'results-quoted',
  scenario: 'stream-errors',
  breaks: 'no-altered-context',
  cause: 'result altered',
  does: 'Writes each tool result as JSON, so that a text gets quotes.',
  smallest: { conversations: 1, answers: 2 },
  edits: [
    {
      file: 'tool-calls.ts',
      find: "return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null')",
      replace: "return JSON.stringify(value) ?? 'null'",
    },
  ],
} satisfies Defect
