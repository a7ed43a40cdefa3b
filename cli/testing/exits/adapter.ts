import type { Runtime } from '../../../harness/runtime.ts'
import { runtime as whole } from '../../../runtimes/openai-loop/adapter.ts'

let opened = 0

/** A runtime that ends the process when it is opened for the second time. */
export const runtime: Runtime = {
  ...whole,
  name: 'exits',
  open(world) {
    opened++
    if (opened === 2) process.exit(0)
    return whole.open(world)
  },
}
