import { Worker } from 'node:worker_threads'
import type { Runtime } from '../../../harness/contract/runtime.ts'
import { strayFromSecondOpening } from '../stray.ts'

const code = `
const { workerData } = require('node:worker_threads')
require('node:net').connect(9, '198.51.100.7').on('error', () => {
  Atomics.store(workerData, 0, 1)
  Atomics.notify(workerData, 0)
})`

/** A runtime that sends to another machine from a thread of its own, and waits for that. */
export const runtime: Runtime = strayFromSecondOpening('reaches-by-thread', () => {
  const workerData = new Int32Array(new SharedArrayBuffer(4))
  new Worker(code, { eval: true, workerData })
  // Where nothing refuses the connection at once, its end is not waited for.
  Atomics.wait(workerData, 0, 0, 500)
})
