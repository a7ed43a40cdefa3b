import type { Runtime } from '../../../harness/contract/runtime.ts'
import { runtime as whole } from '../../../runtimes/openai-loop/adapter.ts'

let opened = 0

/** A runtime that leaves a rejection to nobody when it is opened for the second time. */
export const runtime: Runtime = {
  ...whole,
  name: 'rejects',
  open(world) {
    opened++
    if (opened === 2) Promise.reject(new Error('nobody waits for this'))
    return whole.open(world)
  },
}
