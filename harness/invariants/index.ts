import { noContextLoss } from './context.ts'
import { afterRunOnlyOnSuccess } from './hooks.ts'
import { noStalePreviousResponseId } from './previous-response.ts'
import { noLeakedSpans } from './spans.ts'
import type { Invariant } from './types.ts'

/** Every invariant, in the order in which they are reported. */
export const invariants: readonly Invariant[] = [
  noLeakedSpans,
  afterRunOnlyOnSuccess,
  noStalePreviousResponseId,
  noContextLoss,
]
