import type { HookedAgent } from '../agent-hooks.ts'
import type { Defect } from '../defect.ts'
import type { StepCall } from '../steps/step-call.ts'
import { soundStepParts } from '../steps/step-parts.ts'

export default {
  name: 'release-lets-go-for-another',
  scenario: 'hook-registration',
  breaks: 'spans-counted',
  cause: 'too few react spans, run completed',
  does: 'Counts releases without checking the owner, so a repeated release removes hooks that another call needs.',
  source: 'https://github.com/alibaba/loongsuite-python-agent/pull/184',
  smallest: { conversations: 3, answers: 4 },
  parts: () => ({
    steps: {
      ...soundStepParts,
      createHolders() {
        const counted = new WeakMap<HookedAgent, Set<StepCall>>()
        return {
          get: (agent) => counted.get(agent),
          set: (agent, calls) => void counted.set(agent, new Counted(calls)),
          delete: (agent) => void counted.delete(agent),
        }
      },
    },
  }),
} satisfies Defect

/** A set that deletes its oldest entry, whichever entry it is asked to delete. */
class Counted extends Set<StepCall> {
  override delete(): boolean {
    const [first] = this
    return first !== undefined && super.delete(first)
  }
}
