import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'after-run-on-error',
  scenario: 'stream-errors',
  breaks: 'after-run-only-on-success',
  cause: 'after_run fired, run failed',
  does: 'Also calls afterRun for a run that failed, with a response that the service never sent.',
  source:
    'https://github.com/microsoft/agent-framework/issues/5231 (after_run context providers fire on a streaming error)',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    chooseAfterRunResponse(ending) {
      if (ending.kind !== 'failed') return soundParts.chooseAfterRunResponse(ending)
      const usage = { inputTokens: 0, outputTokens: 0 }
      return { status: 'incomplete', text: '', usage, response: { output: [] } as never, items: [] }
    },
  }),
} satisfies Defect
