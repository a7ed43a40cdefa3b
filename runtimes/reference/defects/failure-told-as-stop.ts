import type { Defect } from '../defect.ts'
import { stopped } from '../ending.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'failure-told-as-stop',
  scenario: 'stream-errors',
  breaks: 'original-error-kept',
  cause: 'reported as stopped, broken stream',
  does: 'Reports a lost connection as a stop by the consumer.',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    buildEnding: (thrown, signal) =>
      thrown instanceof TypeError ? stopped(thrown) : soundParts.buildEnding(thrown, signal),
  }),
} satisfies Defect
