import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'tool-output-dropped',
  scenario: 'sessions',
  breaks: 'calls-answered',
  cause: 'call without an output',
  does: 'Sends the output of only the first of several parallel calls.',
  source: 'https://github.com/openai/openai-agents-python/issues/673',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    executeCalls: async (calls, execute, run) =>
      (await soundParts.executeCalls(calls, execute, run)).slice(0, 1),
  }),
} satisfies Defect
