import { type ChildProcess, spawn } from 'node:child_process'

/** Process groups are POSIX; elsewhere only the process itself can be ended. */
export const hasGroups = process.platform !== 'win32'

/** Ends a process that was spawned `detached`, with all processes in its group. */
export function killGroup({ pid }: { pid?: number | undefined }): void {
  if (pid === undefined) return
  try {
    process.kill(hasGroups ? -pid : pid, 'SIGKILL')
  } catch {
    // The group is already gone.
  }
}

/**
 * Ends a process group when this process dies, even by SIGKILL. A shell waits on a pipe that only this process holds
 * open. Returns a function that ends the shell when the group is gone.
 */
export function endWithThisProcess({ pid }: ChildProcess): () => void {
  if (pid === undefined || !hasGroups) return () => {}
  const shell = spawn('/bin/sh', ['-c', 'read -r _; kill -s KILL -- "-$1"', 'sh', String(pid)], {
    detached: true,
    env: {},
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  // Without a shell a driver still ends when its stdin does, if it keeps to the protocol.
  shell.once('error', () => {})
  shell.stdin.on('error', () => {})
  shell.unref()
  ;(shell.stdin as unknown as { unref?(): void }).unref?.()
  return () => void shell.kill('SIGKILL')
}
