import type { Defect } from '../defect.ts'
import { soundStepParts } from '../steps/step-parts.ts'

export default {
  name: 'lost-hook-fails-the-run',
  scenario: 'hook-registration',
  breaks: 'survives-broken-tracer',
  cause: 'outcome, hook-lost drop',
  does: 'Fails a run if a hook that it wants to remove is already gone.',
  source: 'https://github.com/alibaba/loongsuite-python-agent/pull/184',
  smallest: { conversations: 1, answers: 0 },
  parts: () => ({
    steps: {
      ...soundStepParts,
      onHooksLost() {
        throw new Error('there is no hook of that name')
      },
    },
  }),
} satisfies Defect
