import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'calls-fail-the-run',
  scenario: 'sessions',
  breaks: 'healthy-run-completes',
  cause: 'run failed',
  does: 'Fails a run whose answer has more than one call, after the service has answered.',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    async executeCalls(calls, execute, run) {
      if (calls.length > 1) throw new TypeError('the run has no state for a second call')
      return soundParts.executeCalls(calls, execute, run)
    },
  }),
} satisfies Defect
