import type { Runtime } from '../../../harness/contract/runtime.ts'
import { runtime as whole } from '../../../runtimes/openai-loop/adapter.ts'

/** A runtime whose adapter never closes. */
export const runtime: Runtime = {
  ...whole,
  name: 'never-closes',
  open: async (world) => ({ ...(await whole.open(world)), close: () => new Promise(() => {}) }),
}
