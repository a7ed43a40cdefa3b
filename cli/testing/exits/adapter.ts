import type { Runtime } from '../../../harness/contract/runtime.ts'
import { strayFromSecondOpening } from '../stray.ts'

/** A runtime that ends the process. */
export const runtime: Runtime = strayFromSecondOpening('exits', () => process.exit(0))
