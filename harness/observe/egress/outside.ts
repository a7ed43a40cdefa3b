import type { Isolation } from '../../isolation/launch.ts'
import { guardDatagrams } from './datagrams.ts'
import { countUnroutable } from './kernel.ts'
import { guardNames } from './names.ts'
import { watchStarted } from './processes.ts'
import { type Guard, guardSockets, type ReportDestination } from './sockets.ts'

/** Refuses and reports everything that this process sends to other machines by Node's own means. */
export function guardNetwork(hear: ReportDestination, intercepted = false): Guard {
  // Under interception MSW replaces the sockets and reports requests that it does not know.
  const guards = [...(intercepted ? [] : [guardSockets(hear)]), guardDatagrams(hear), guardNames(hear)]
  return {
    release() {
      for (const guard of guards.reverse()) guard.release()
    },
  }
}

/** Watches what a worker's process, and everything it starts, tries to send to other machines. */
export interface TrafficWatch {
  /** Destinations that were tried while the runtime was loaded. Each plan's history lists them. */
  readonly atLoad: readonly string[]
  /** Call this when the runtime is loaded. `intercepted`: MSW replaces the sockets from now on. */
  loaded(intercepted: boolean): void
  /** Calls `hear` at once for each destination that a guard refuses, until the returned guard is released. */
  during(hear: ReportDestination): Guard
  /** Returns the destinations that were tried since the last call and that `during` did not report. */
  take(): string[]
  /** Returns what could not be watched, for example a process that was started. */
  unwatched(): string[]
}

const BY_OTHERS = 'somewhere, by a process, thread or library of its own: the kernel counted it'

/**
 * Watches a worker's process from before the runtime is loaded until the process ends.
 * `isolation`: in a network of its own, the kernel counts what the guards in the process cannot see. Otherwise
 * started processes and threads are listed as unwatched. `ours`: only the harness starts processes.
 */
export function watchTraffic(isolation: Isolation, ours: boolean): TrafficWatch {
  const counts = isolation !== 'process'
  const atLoad: string[] = []
  const unwatched = new Set<string>()
  let since = new Set<string>()
  const later: ReportDestination = (destination) => since.add(destination)
  let hear = later
  let counted = counts ? countUnroutable() : 0
  let guard = guardNetwork((destination) => hear(destination))
  if (!counts && !ours) watchStarted((started) => unwatched.add(started))
  const take = () => {
    const count = counts ? countUnroutable() : 0
    const found = [...since, ...(count > counted ? [BY_OTHERS] : [])]
    counted = count
    since = new Set()
    return found
  }
  return {
    atLoad,
    loaded(intercepted) {
      for (const one of take()) atLoad.push(`${one} (while it was loaded)`)
      if (!intercepted) return
      guard.release()
      guard = guardNetwork((destination) => hear(destination), true)
    },
    during(now) {
      hear = now
      return {
        release() {
          hear = later
        },
      }
    },
    take,
    unwatched: () => [...unwatched].sort(),
  }
}
