import type { Defect } from '../defect.ts'

export default {
  name: 'cleanup-errors-ignored',
  scenario: 'stream-errors',
  breaks: 'hook-errors-surface',
  cause: 'cleanup hook',
  does: 'Ignores the error of a cleanup hook.',
  smallest: { conversations: 1, answers: 1 },
  edits: [
    {
      file: 'response-stream.ts',
      find: `if (last.kind === 'completed') last = failed(error)
      }
    }
    last = await`,
      replace: `void error
      }
    }
    last = await`,
    },
  ],
} satisfies Defect
