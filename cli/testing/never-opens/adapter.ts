import type { Runtime } from '../../../harness/contract/runtime.ts'
import { strayFromSecondOpening } from '../stray.ts'

/** A runtime whose adapter never opens. */
export const runtime: Runtime = strayFromSecondOpening('never-opens', () => new Promise(() => {}))
