import type { Runtime } from '../../../harness/contract/runtime.ts'
import { strayRuns } from '../stray.ts'

/** A runtime whose adapter says of a run what the contract does not know. */
export const runtime: Runtime = strayRuns('nonsense-outcome', (run) => ({
  ...run,
  outcome: async () => ({ status: 'great', text: '\u001b[31mred' }),
}))
