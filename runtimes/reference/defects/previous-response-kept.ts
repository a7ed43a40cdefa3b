import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'previous-response-kept',
  scenario: 'stream-errors',
  breaks: 'no-stale-previous-response-id',
  cause: 'open call of the response',
  does: 'Keeps the last response id of a failed run, but drops the outputs of its calls.',
  source: 'https://github.com/microsoft/agent-framework/issues/4053',
  smallest: { conversations: 1, answers: 3 },
  parts: () => ({
    rememberState(memory, ending) {
      if (ending.kind !== 'failed') return soundParts.rememberState(memory, ending)
      return { ...memory.buildCompletedState(), unsent: [] }
    },
  }),
} satisfies Defect
