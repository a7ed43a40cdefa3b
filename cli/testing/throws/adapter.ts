import type { Runtime } from '../../../harness/contract/runtime.ts'
import { runtime as whole } from '../../../runtimes/openai-loop/adapter.ts'

/** A runtime whose adapter is broken: no run can be started. */
export const runtime: Runtime = {
  ...whole,
  name: 'throws',
  async open(world) {
    const team = await whole.open(world)
    return {
      start() {
        throw new Error('this adapter starts nothing')
      },
      close: () => team.close(),
    }
  },
}
