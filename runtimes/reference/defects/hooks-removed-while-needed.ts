import type { Defect } from '../defect.ts'
import { soundStepParts } from '../steps/step-parts.ts'

export default {
  name: 'hooks-removed-while-needed',
  scenario: 'concurrency',
  breaks: 'spans-counted',
  cause: 'too few react spans, run completed',
  does: 'Removes the hooks when one call ends, although another call still needs them.',
  source: 'https://github.com/alibaba/loongsuite-python-agent/pull/184',
  smallest: { conversations: 3, answers: 2 },
  parts: () => ({ steps: { ...soundStepParts, mustRemove: () => true } }),
} satisfies Defect
