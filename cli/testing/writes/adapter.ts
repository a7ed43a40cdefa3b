import { writeSync } from 'node:fs'
import type { Runtime } from '../../../harness/contract/runtime.ts'
import { strayFromSecondOpening } from '../stray.ts'

/** A runtime that writes to both standard streams, much of it, and past them. */
export const runtime: Runtime = strayFromSecondOpening('writes', () => {
  const line = 'x'.repeat(10_000)
  for (let count = 0; count < 2_000; count++) {
    console.log(line)
    process.stderr.write(line)
  }
  writeSync(1, '}{ past every stream\n')
})
