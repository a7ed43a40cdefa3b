import type { AgentResponseUpdate } from '../agent-response.ts'
import type { Defect } from '../defect.ts'

export default {
  name: 'transform-hooks-miss-items',
  scenario: 'stream-errors',
  breaks: 'hooks-fire-once-each',
  cause: 'update not seen by transform',
  does: 'Delivers whole items, such as the last update of a text, without calling the transform hooks.',
  smallest: { conversations: 1, answers: 0 },
  parts: () => ({
    chooseTransformHooks: (hooks, update) => ((update as AgentResponseUpdate).type === 'item' ? [] : hooks),
  }),
} satisfies Defect
