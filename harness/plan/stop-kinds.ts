import type { Stop } from './types.ts'

/** What a kind of stop does to its run. */
export interface StopKind {
  /** What ends the run: its abort signal, or the consumer that leaves the stream. */
  by: 'signal' | 'consumer'
  /** Whether the runtime is told, and so has to end the run. A consumer that drops the stream tells nobody. */
  isHeard: boolean
  /** Whether only a consumer that pulls updates can stop in this way. */
  needsPulls: boolean
}

/** The kinds of stop. A new kind is a line here and one in `harness/execute/schedule/stops.ts`. */
export const stopKinds: Readonly<Record<Stop['how'], StopKind>> = {
  abort: { by: 'signal', isHeard: true, needsPulls: false },
  return: { by: 'consumer', isHeard: true, needsPulls: true },
  drop: { by: 'consumer', isHeard: false, needsPulls: false },
}

/** Returns whether the run goes on after a stop, because the runtime is not told of it. */
export function leavesRunOpen(stop: Pick<Stop, 'how'> | undefined): boolean {
  return stop !== undefined && !stopKinds[stop.how].isHeard
}
