import type { Runtime } from '../../../harness/contract/runtime.ts'
import { strayRuns } from '../stray.ts'

/** A runtime whose adapter yields what is no update. */
export const runtime: Runtime = strayRuns('nonsense-updates', (run) => ({
  ...run,
  updates: (async function* () {
    yield 42
  })(),
}))
