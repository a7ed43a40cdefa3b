import type { Runtime } from '../../../harness/contract/runtime.ts'
import { strayRejectingAt } from '../stray.ts'

/** A runtime that leaves a rejection to nobody in the first plan of its process, and never again. */
export const runtime: Runtime = strayRejectingAt('fails-once', 1)
