import type { History } from '../contract/events.ts'

/** Returns whether the process of the runtime ended. Such a history is incomplete. */
export function hasProcessEnded(history: History): boolean {
  return history.some((event) => event.kind === 'noise' && event.what === 'exit')
}

/** Returns whether the runtime is in another process, so that the harness sees its updates later. */
export function isInOtherProcess(history: History): boolean {
  return history.some((event) => event.kind === 'runtime' && event.remote)
}
