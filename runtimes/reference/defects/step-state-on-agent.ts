import type { HookedAgent } from '../agent-hooks.ts'
import type { Defect } from '../defect.ts'
import type { StepCall } from '../steps/step-call.ts'
import { soundStepParts } from '../steps/step-parts.ts'

export default {
  name: 'step-state-on-agent',
  scenario: 'concurrency',
  breaks: 'spans-counted',
  cause: 'too few react spans, run completed',
  does: 'Keeps the step state of a call on the agent, where the next call overwrites it.',
  source: 'https://github.com/alibaba/loongsuite-python-agent/pull/184',
  smallest: { conversations: 2, answers: 4 },
  parts: () => ({
    steps: {
      ...soundStepParts,
      createStates() {
        const begun = new WeakSet<StepCall>()
        const last = new WeakMap<HookedAgent, StepCall>()
        return {
          runWithin(agent, call, work) {
            if (!begun.has(call)) last.set(agent, call)
            begun.add(call)
            return work()
          },
          findCurrent: (agent) => last.get(agent),
          forget(agent, call) {
            if (last.get(agent) === call) last.delete(agent)
          },
        }
      },
    },
  }),
} satisfies Defect
