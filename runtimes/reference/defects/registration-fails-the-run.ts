import type { Defect } from '../defect.ts'
import { soundStepParts } from '../steps/step-parts.ts'

export default {
  name: 'registration-fails-the-run',
  scenario: 'hook-registration',
  breaks: 'survives-broken-tracer',
  cause: 'outcome, hook-register throw',
  does: 'Fails a run if its agent rejects a hook.',
  source: 'https://github.com/alibaba/loongsuite-python-agent/pull/184',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    steps: {
      ...soundStepParts,
      onRegistrationFailed(error, run) {
        run.withResultHook(() => {
          throw error
        })
      },
    },
  }),
} satisfies Defect
