import type { Runtime } from '../../../harness/contract/runtime.ts'
import { strayFromSecondOpening } from '../stray.ts'

/** A runtime that leaves a timer open. */
export const runtime: Runtime = strayFromSecondOpening('lingers', () => setInterval(() => {}, 1000).hasRef())
