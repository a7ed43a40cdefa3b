import type { Runtime } from '../../../harness/contract/runtime.ts'
import { strayFromSecondOpening } from '../stray.ts'

/** A runtime that takes its process down as a crash in native code does. */
export const runtime: Runtime = strayFromSecondOpening('dies', () => process.kill(process.pid, 'SIGSEGV'))
