import { soundParts } from '../parts.ts'
import type { Variant } from '../variant.ts'

export default {
  name: 'incomplete-turn-dropped',
  does: 'Forgets a turn that ended with an incomplete answer, and goes on from the turn before it.',
  source: 'docs/oracle.md: no request must contain anything of an incomplete run.',
  parts: () => ({
    rememberState(memory, ending) {
      const { status } = ending.kind === 'completed' ? (ending.result as { status: string }) : { status: '' }
      return status === 'incomplete'
        ? memory.buildAbandonedState({ kind: 'stopped', reason: undefined })
        : soundParts.rememberState(memory, ending)
    },
  }),
} satisfies Variant
