import { spawn } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { waitForEnd } from './process-end.ts'

describe.each(['exit', 'close'] as const)('waiting for the %s of a process', (event) => {
  it('outlives the error of a message that the dying process no longer took', async () => {
    const child = spawn(
      process.execPath,
      ['-e', 'process.on("message", () => process.kill(process.pid, "SIGKILL"))'],
      {
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      },
    )
    const errors: unknown[] = []
    child.on('error', (error) => errors.push(error))
    const ended = waitForEnd(child, event)
    child.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
    child.send('end')
    await expect(ended).resolves.toBeUndefined()
    expect(errors).toHaveLength(1)
  })
})
