import type { Defect } from '../defect.ts'

export default {
  name: 'no-retry-of-streams',
  scenario: 'stream-errors',
  breaks: 'passing-faults-are-survived',
  cause: 'run failed after a refused connection',
  does: 'Sends a streamed request only once, also if the service is busy for a moment.',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({ openEvents: (ask) => ask({ maxRetries: 0 }) }),
} satisfies Defect
