import type { Runtime } from '../../../harness/contract/runtime.ts'
import { strayRuns } from '../stray.ts'

/** A runtime whose runs never end. */
export const runtime: Runtime = strayRuns('hangs', (run) => ({
  ...run,
  outcome: () => new Promise(() => {}),
}))
