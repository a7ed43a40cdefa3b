import type { Runtime } from '../../../harness/contract/runtime.ts'
import { strayFromSecondOpening } from '../stray.ts'

/** A runtime that fills the memory. */
export const runtime: Runtime = strayFromSecondOpening('floods', () => {
  for (const kept: unknown[] = []; ; ) kept.push(new Array(1 << 20).fill(kept.length))
})
