import type { HookedAgent } from '../agent-hooks.ts'
import type { Defect } from '../defect.ts'
import type { StepCall } from '../steps/step-call.ts'
import { soundStepParts } from '../steps/step-parts.ts'

export default {
  name: 'step-state-of-others-forgotten',
  scenario: 'concurrency',
  breaks: 'spans-counted',
  cause: 'too few react spans, run completed',
  does: 'Deletes the step states of all calls of an agent when one call ends.',
  source: 'https://github.com/alibaba/loongsuite-python-agent/pull/184',
  smallest: { conversations: 2, answers: 2 },
  parts: () => ({
    steps: {
      ...soundStepParts,
      createStates() {
        const { runWithin: within, findCurrent: current } = soundStepParts.createStates()
        const known = new WeakMap<HookedAgent, Set<StepCall>>()
        const begun = new WeakSet<StepCall>()
        return {
          runWithin(agent, call, work) {
            const calls = known.get(agent) ?? new Set()
            if (!begun.has(call)) known.set(agent, calls.add(call))
            begun.add(call)
            return within(agent, call, work)
          },
          findCurrent(agent) {
            const call = current(agent)
            return call !== undefined && known.get(agent)?.has(call) ? call : undefined
          },
          forget: (agent) => void known.delete(agent),
        }
      },
    },
  }),
} satisfies Defect
