import type { Defect } from '../defect.ts'
import type { StepCall } from '../steps/step-call.ts'
import { soundStepParts } from '../steps/step-parts.ts'

export default {
  name: 'hooks-counted-by-name',
  scenario: 'hook-registration',
  breaks: 'spans-counted',
  cause: 'too few react spans, run completed',
  does: 'Counts the users of the hooks by agent name, although a rebuilt agent has the same name.',
  source: 'https://github.com/alibaba/loongsuite-python-agent/pull/184',
  smallest: { conversations: 2, answers: 1 },
  parts: () => ({
    steps: {
      ...soundStepParts,
      createHolders() {
        const byName = new Map<string, Set<StepCall>>()
        return {
          get: ({ name }) => byName.get(name),
          set: ({ name }, calls) => void byName.set(name, calls),
          delete: ({ name }) => void byName.delete(name),
        }
      },
    },
  }),
} satisfies Defect
