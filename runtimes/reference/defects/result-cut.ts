import type { Defect } from '../defect.ts'

export default {
  name: 'result-cut',
  scenario: 'stream-errors',
  breaks: 'no-altered-context',
  cause: 'result altered',
  does: 'Cuts the result of a tool to 12 characters.',
  smallest: { conversations: 1, answers: 2 },
  edits: [
    {
      file: 'tool-calls.ts',
      find: "return typeof value === 'string' ? value :",
      replace: "return typeof value === 'string' ? value.slice(0, 12) :",
    },
  ],
} satisfies Defect
