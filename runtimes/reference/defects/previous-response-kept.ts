import { soundParts } from '../parts.ts'
import type { Defect } from './defect.ts'

export default {
  name: 'previous-response-kept',
  breaks: 'no-stale-previous-response-id',
  does: 'Keeps the id of the last response of a run that failed, and forgets what was to answer its calls.',
  parts: () => ({
    remembered(memory, ending) {
      if (ending.kind !== 'failed') return soundParts.remembered(memory, ending)
      return { ...memory.reached(), unsent: [] }
    },
  }),
} satisfies Defect
