import type { AgentResponseUpdate } from '../agent-response.ts'
import type { Defect } from '../defect.ts'

export default {
  name: 'transform-hooks-miss-items',
  scenario: 'stream-errors',
  breaks: 'hooks-fire-once-each',
  does: 'Delivers whole items past the transform hooks: the last update of a text is one.',
  smallest: { conversations: 1, answers: 0 },
  parts: () => ({
    transformHooks: (hooks, update) => ((update as AgentResponseUpdate).type === 'item' ? [] : hooks),
  }),
} satisfies Defect
