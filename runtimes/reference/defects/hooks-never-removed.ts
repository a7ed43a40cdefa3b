import type { Defect } from '../defect.ts'
import { soundStepParts } from '../steps/step-parts.ts'

export default {
  name: 'hooks-never-removed',
  scenario: 'hook-registration',
  breaks: 'hooks-released-when-idle',
  cause: 'hook still registered',
  does: 'Never removes the hooks from the agent.',
  source: 'https://github.com/alibaba/loongsuite-python-agent/pull/184',
  smallest: { conversations: 1, answers: 0 },
  parts: () => ({ steps: { ...soundStepParts, mustRemove: () => false } }),
} satisfies Defect
