import type { AgentResponseUpdate } from '../agent-response.ts'
import type { Defect } from '../defect.ts'
import type { AgentSession } from '../session.ts'

export default {
  name: 'updates-crossed',
  scenario: 'concurrency',
  breaks: 'delivery-is-faithful',
  cause: 'delivered text differs',
  does: 'Keeps the last update on the shared agent, and so delivers updates of other conversations.',
  source: 'https://github.com/google-antigravity/antigravity-sdk-python/issues/67',
  smallest: { conversations: 2, answers: 1 },
  parts() {
    const last = new Map<AgentSession, AgentResponseUpdate>()
    return {
      prepareUpdate({ context: { session } }, update) {
        if (session === undefined) return update
        const [other] = [...last.keys()].filter((one) => one !== session)
        const crossed = other === undefined ? update : (last.get(other) ?? update)
        if (other !== undefined) last.delete(other)
        last.set(session, update)
        return crossed
      },
    }
  },
} satisfies Defect
