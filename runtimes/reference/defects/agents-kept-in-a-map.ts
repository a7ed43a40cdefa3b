import type { HookedAgent } from '../agent-hooks.ts'
import type { Defect } from '../defect.ts'
import type { StepCall } from '../steps/step-call.ts'
import { soundStepParts } from '../steps/step-parts.ts'

export default {
  name: 'agents-kept-in-a-map',
  scenario: 'hook-registration',
  breaks: 'hooks-released-when-idle',
  cause: 'replaced agent kept in memory',
  does: 'Keeps an entry for each agent in a map, so that replaced agents stay in memory.',
  source: 'https://github.com/alibaba/loongsuite-python-agent/pull/184',
  smallest: { conversations: 2, answers: 0 },
  parts: () => ({
    steps: {
      ...soundStepParts,
      createHolders() {
        const byAgent = new Map<HookedAgent, Set<StepCall>>()
        return {
          get: (agent) => byAgent.get(agent),
          set: (agent, calls) => void byAgent.set(agent, calls),
          delete() {},
        }
      },
    },
  }),
} satisfies Defect
