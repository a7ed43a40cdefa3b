import type { Stop } from './types.ts'

/** What a kind of stop does to its run. */
export interface StopKind {
  /** Who ends the run: its abort signal, or the consumer by leaving the stream. */
  by: 'signal' | 'consumer'
  /** Whether the runtime hears of it, and so has to end the run. A consumer that only walks away tells nobody. */
  isHeard: boolean
  /** Whether it works while the run waits for a stall or a hanging tool. A consumer that waits in `next()` cannot return. */
  worksWhileHeld: boolean
}

/** The kinds of stop. A new kind is a line here and one in `harness/execute/schedule/stops.ts`. */
export const stopKinds: Readonly<Record<Stop['how'], StopKind>> = {
  abort: { by: 'signal', isHeard: true, worksWhileHeld: true },
  return: { by: 'consumer', isHeard: true, worksWhileHeld: false },
  drop: { by: 'consumer', isHeard: false, worksWhileHeld: true },
}

/** Whether a stop leaves its run open: nobody hears of it, so the run goes on in a time of its own. */
export function leavesRunOpen(stop: Pick<Stop, 'how'> | undefined): boolean {
  return stop !== undefined && !stopKinds[stop.how].isHeard
}
