import type { Defect } from '../defect.ts'

export default {
  name: 'transform-errors-ignored',
  scenario: 'stream-errors',
  breaks: 'hook-errors-surface',
  cause: 'transform hook',
  does: 'Ignores the error of a transform hook.',
  smallest: { conversations: 1, answers: 1 },
  edits: [
    {
      file: 'response-stream.ts',
      find: 'given = await hook(given)',
      replace: 'given = await Promise.resolve().then(() => hook(given)).catch(() => given)',
    },
  ],
} satisfies Defect
