import type { Runtime } from '../../../harness/contract/runtime.ts'
import { strayRejectingAt } from '../stray.ts'

/** A runtime that leaves a rejection to nobody when it is opened for the ninth time. */
export const runtime: Runtime = strayRejectingAt('rejects', 9)
