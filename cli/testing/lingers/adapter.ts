import type { Runtime } from '../../../harness/runtime.ts'
import { runtime as whole } from '../../../runtimes/openai-loop/adapter.ts'

let opened = 0

/** A runtime that leaves a timer open when it is opened for the second time. */
export const runtime: Runtime = {
  ...whole,
  name: 'lingers',
  open(world) {
    opened++
    if (opened === 2) setInterval(() => {}, 1000)
    return whole.open(world)
  },
}
