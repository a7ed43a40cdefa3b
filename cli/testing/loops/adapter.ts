import type { Runtime } from '../../../harness/contract/runtime.ts'
import { strayFromSecondOpening } from '../stray.ts'

/** A runtime that never gives the process back. */
export const runtime: Runtime = strayFromSecondOpening('loops', () => {
  for (;;);
})
