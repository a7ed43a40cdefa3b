import type { Runtime } from '../../../harness/contract/runtime.ts'
import { strayFromSecondOpening } from '../stray.ts'

/** A runtime that fills the memory beside the heap, where no limit of Node's own holds. */
export const runtime: Runtime = strayFromSecondOpening('floods-beside', () => {
  for (const kept: unknown[] = []; ; ) kept.push(Buffer.alloc(1 << 24, 1))
})
