import type { Isolation } from '../../isolation/launch.ts'
import { guardDatagrams } from './datagrams.ts'
import { countUnroutable } from './kernel.ts'
import { guardNames } from './names.ts'
import { watchStarted } from './processes.ts'
import { type Guard, guardSockets, type ReportDestination } from './sockets.ts'

/** Refuses and reports everything that this process sends to other machines by Node's own means. */
export function guardNetwork(hear: ReportDestination, intercepted = false): Guard {
  // Under interception MSW stands in the place of the sockets, and reports what it does not know.
  const guards = [...(intercepted ? [] : [guardSockets(hear)]), guardDatagrams(hear), guardNames(hear)]
  return {
    release() {
      for (const guard of guards.reverse()) guard.release()
    },
  }
}

/** What a worker's process, and all that it starts, tries to send to other machines. */
export interface TrafficWatch {
  /** What was tried while the runtime was loaded: every plan is on a runtime that does so. */
  readonly atLoad: readonly string[]
  /** The runtime is loaded. `intercepted`: from here on MSW stands in the place of the sockets. */
  loaded(intercepted: boolean): void
  /** While it is held, `hear` is told at once of what the guards in the process refuse. */
  during(hear: ReportDestination): Guard
  /** Returns what was tried since this was last called and what `during` did not tell, one line each. */
  take(): string[]
  /** Returns what nobody could watch, such as a process that was started. */
  unwatched(): string[]
}

const BY_OTHERS = 'somewhere, by a process, thread or library of its own: the kernel counted it'

/**
 * Watches a worker's process from before the runtime is loaded until the process ends. `isolation`: with a network of its
 * own the kernel counts what the guards in the process cannot see; without one, processes and threads that are started
 * are listed as unwatched. `ours`: all processes that are started are the harness's own.
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
