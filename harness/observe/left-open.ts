import type { HistoryEvent } from '../contract/events.ts'

type LeftOpen = Extract<HistoryEvent, { kind: 'left-open' }>

/** Watches sockets, timers and listeners of this process. */
export interface LeftOpenWatch {
  /** Call when the team is open: what exists by then belongs to the team, and not to a run. */
  noteOpened(timers: number): void
  /**
   * Lists timers and listeners that each of `runs` ended runs seems to have left: at least one a run, and at least two. A
   * single one may belong to the team, which closes it later.
   */
  findLeftByRuns(runs: number, timers: number): LeftOpen[]
  /** Lists sockets and listeners that are new since the watch began, and timers. Call when the team is closed. */
  findLeft(timers: number): LeftOpen[]
}

/** Begins the watch. If requests are `intercepted`, sockets belong to MSW and do not count. */
export function watchLeftOpen(intercepted: boolean): LeftOpenWatch {
  const before = { sockets: countSockets(), listeners: countListeners() }
  let opened = { timers: 0, listeners: before.listeners }
  return {
    noteOpened(timers) {
      opened = { timers, listeners: countListeners() }
    },
    findLeftByRuns(runs, timers) {
      const left: LeftOpen[] = []
      const tell = (what: LeftOpen['what'], count: number, of: string) => {
        if (count >= Math.max(2, runs)) left.push({ kind: 'left-open', what, message: `${count} ${of}` })
      }
      tell('timer', timers - opened.timers, 'timers of ended runs are still set')
      for (const [event, count] of countListeners())
        tell('listener', count - (opened.listeners.get(event) ?? 0), `listeners of process "${event}"`)
      return left
    },
    findLeft(timers) {
      const left: LeftOpen[] = []
      const tell = (what: LeftOpen['what'], count: number, of: string) => {
        if (count > 0) left.push({ kind: 'left-open', what, message: `${count} ${of}` })
      }
      tell('timer', timers, 'timers are still set')
      if (!intercepted) tell('socket', countSockets() - before.sockets, 'sockets are still open')
      for (const [event, count] of countListeners())
        tell('listener', count - (before.listeners.get(event) ?? 0), `listeners of process "${event}"`)
      return left
    },
  }
}

function countSockets(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'TCPSocketWrap').length
}

function countListeners(): Map<string, number> {
  return new Map(process.eventNames().map((event) => [String(event), process.listenerCount(event)]))
}
