import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'call-left-by-stop',
  scenario: 'sessions',
  breaks: 'next-turn-accepted',
  cause: 'calls-answered',
  does: 'Keeps the call of a cancelled tool in the history, without an output.',
  source: 'https://github.com/openai/openai-agents-js/issues/1190',
  smallest: { conversations: 1, answers: 2 },
  parts: () => ({
    rememberState(memory, ending) {
      if (ending.kind !== 'stopped') return soundParts.rememberState(memory, ending)
      const { input } = memory.buildFields()
      return { ...memory.buildCompletedState(), unsent: input }
    },
  }),
} satisfies Defect
