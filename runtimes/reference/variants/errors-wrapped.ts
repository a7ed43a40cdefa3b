import { buildEnding } from '../ending.ts'
import type { Variant } from '../variant.ts'

/** The error of a run that failed. Its cause is the error that made it fail. */
class RunError extends Error {
  override name = 'RunError'
}

export default {
  name: 'errors-wrapped',
  does: 'Fails a run with an error of its own that has the original error as its cause.',
  source: 'https://nodejs.org/api/errors.html#errorcause (an error is wrapped to tell where it happened)',
  parts: () => ({
    buildEnding(thrown, signal) {
      const ending = buildEnding(thrown, signal)
      if (ending.kind !== 'failed' || ending.error instanceof RunError) return ending
      return { kind: 'failed', error: new RunError('the run failed', { cause: ending.error }) }
    },
  }),
} satisfies Variant
