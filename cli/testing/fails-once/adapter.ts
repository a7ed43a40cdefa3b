import type { Runtime } from '../../../harness/contract/runtime.ts'
import { runtime as whole } from '../../../runtimes/openai-loop/adapter.ts'

let opened = 0

/** A runtime that leaves a rejection to nobody in the first plan of its process, and never again. */
export const runtime: Runtime = {
  ...whole,
  name: 'fails-once',
  open(world) {
    opened++
    if (opened === 1) Promise.reject(new Error('nobody waits for this'))
    return whole.open(world)
  },
}
