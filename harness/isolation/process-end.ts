import type { ChildProcess } from 'node:child_process'

/**
 * Resolves when the process has ended (`exit`), or has ended and all its output was read (`close`). Never rejects:
 * `once` of `node:events` would, with the error of a message that a dying process no longer took.
 */
export function waitForEnd(child: ChildProcess, event: 'exit' | 'close'): Promise<void> {
  return new Promise((resolve) => child.once(event, () => resolve()))
}
