import type { HistoryEvent } from '../contract/events.ts'

type LeftOpen = Extract<HistoryEvent, { kind: 'left-open' }>

/**
 * Returns a function that lists sockets and listeners that are new since this call, and timers. If requests are
 * `intercepted`, sockets belong to MSW and do not count.
 */
export function watchLeftOpen(intercepted: boolean): (timers: number) => LeftOpen[] {
  const before = { sockets: countSockets(), listeners: countListeners() }
  return (timers) => {
    const left: LeftOpen[] = []
    const tell = (what: LeftOpen['what'], count: number, of: string) => {
      if (count > 0) left.push({ kind: 'left-open', what, message: `${count} ${of}` })
    }
    tell('timer', timers, 'timers are still set')
    if (!intercepted) tell('socket', countSockets() - before.sockets, 'sockets are still open')
    for (const [event, count] of countListeners())
      tell('listener', count - (before.listeners.get(event) ?? 0), `listeners of process "${event}"`)
    return left
  }
}

function countSockets(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'TCPSocketWrap').length
}

function countListeners(): Map<string, number> {
  return new Map(process.eventNames().map((event) => [String(event), process.listenerCount(event)]))
}
