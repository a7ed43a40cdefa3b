import type { TransportName } from '../../../mocks/transports.ts'

/** What the harness has to know of a transport to find out that a runtime is idle. */
export interface TransportFacts {
  /** `held`: timers ring only when the harness lets them. `real`: over a socket silence proves nothing without time. */
  time: 'held' | 'real'
  /**
   * Turns of the event loop until what a gate let through has reached the next gate. Under `fetch` all of it runs in
   * microtasks, and one turn leaves none. A socket, mocked or real, takes more.
   */
  turnsToNextGate: number
  /** Whether MSW replaces the process's own HTTP: then sockets of the process are MSW's, and it keeps what asked. */
  interceptsProcess: boolean
}

/** The facts of each transport. A new transport is a new line here. */
export const transportFacts: Readonly<Record<TransportName, TransportFacts>> = {
  fetch: { time: 'held', turnsToNextGate: 0, interceptsProcess: false },
  intercept: { time: 'held', turnsToNextGate: 2, interceptsProcess: true },
  http: { time: 'real', turnsToNextGate: 1, interceptsProcess: false },
}
