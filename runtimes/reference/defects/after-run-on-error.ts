import { soundParts } from '../parts.ts'
import type { Defect } from './defect.ts'

export default {
  name: 'after-run-on-error',
  breaks: 'after-run-only-on-success',
  does: 'Calls afterRun for a run that failed, too, with a response that nobody gave.',
  parts: () => ({
    forAfterRun(ending) {
      if (ending.kind !== 'failed') return soundParts.forAfterRun(ending)
      const usage = { inputTokens: 0, outputTokens: 0 }
      return { status: 'incomplete', text: '', usage, response: { output: [] } as never, items: [] }
    },
  }),
} satisfies Defect
