import type { Runtime } from '../../../harness/runtime.ts'
import { runtime as whole } from '../../../runtimes/openai-loop/adapter.ts'

let opened = 0

/** A runtime that never gives the process back when it is opened for the second time. */
export const runtime: Runtime = {
  ...whole,
  name: 'loops',
  open(world) {
    opened++
    if (opened === 2) for (;;);
    return whole.open(world)
  },
}
