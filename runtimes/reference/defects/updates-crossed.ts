import type { AgentResponseUpdate } from '../agent-response.ts'
import type { RunScope } from '../run-scope.ts'
import type { Defect } from './defect.ts'

export default {
  name: 'updates-crossed',
  breaks: 'delivery-is-faithful',
  does: 'Keeps the last update of each run on the agent that they share, and delivers that of another run.',
  parts() {
    const last = new Map<RunScope, AgentResponseUpdate>()
    return {
      delivered(run, update) {
        const [other] = [...last.keys()].filter((one) => one !== run && !one.signal.aborted)
        const crossed = other === undefined ? update : (last.get(other) ?? update)
        if (other !== undefined) last.delete(other)
        last.set(run, update)
        return crossed
      },
    }
  },
} satisfies Defect
