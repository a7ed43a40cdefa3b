import { spawnSync } from 'node:child_process'
import type { Runtime } from '../../../harness/runtime.ts'
import { strayFromSecondOpening } from '../stray.ts'

const code = "require('net').connect(9, '198.51.100.7').on('error', () => {})"

/** A runtime that sends to another machine from a process of its own. */
export const runtime: Runtime = strayFromSecondOpening('reaches-by-child', () =>
  spawnSync(process.execPath, ['-e', code]),
)
