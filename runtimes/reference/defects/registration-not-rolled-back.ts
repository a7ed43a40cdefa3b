import type { Defect } from '../defect.ts'
import { soundStepParts } from '../steps/step-parts.ts'

export default {
  name: 'registration-not-rolled-back',
  scenario: 'hook-registration',
  breaks: 'hooks-released-when-idle',
  cause: 'hook still registered',
  does: 'Keeps the hooks that were registered before one was rejected.',
  source: 'https://github.com/alibaba/loongsuite-python-agent/pull/184',
  smallest: { conversations: 1, answers: 0 },
  parts: () => ({ steps: { ...soundStepParts, chooseRollback: () => [] } }),
} satisfies Defect
