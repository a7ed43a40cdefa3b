import type { Defect } from '../defect.ts'
import { soundStepParts } from '../steps/step-parts.ts'

export default {
  name: 'hook-without-state-fails-the-run',
  scenario: 'hook-registration',
  breaks: 'telemetry-is-transparent',
  cause: 'outcome, telemetry on',
  does: 'Fails a run if a hook is called for it that started before telemetry was switched on.',
  source: 'https://github.com/alibaba/loongsuite-python-agent/pull/184',
  smallest: { conversations: 2, answers: 1 },
  parts: () => ({
    steps: {
      ...soundStepParts,
      onStateMissing() {
        throw new TypeError("cannot read properties of undefined (reading 'round')")
      },
    },
  }),
} satisfies Defect
