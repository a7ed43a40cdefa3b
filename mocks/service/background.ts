import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import type { WireResponse } from './compose/response.ts'
import type { Wire } from './types.ts'

/**
 * The work behind a background response. It has no clock: it advances when a stream of it is sent, or when it is polled
 * while no stream is open. A client that disconnects does not stop it (SERVICE-FACTS 1, Azure contract B17).
 */
export interface BackgroundRun {
  /** All events, in order. */
  readonly events: readonly ResponseStreamEvent[]
  /** The response after the last event. */
  readonly end: WireResponse
  readonly wire: Wire
  /** Whether the request had `stream: true`. */
  readonly streamed: boolean
  /** How many events have happened. After a stop, all of them. */
  reached: number
  /** The open streams of this run. Each is told when the run is cancelled. */
  readers: Set<Reader>
  /** Stores the response in the state that `reached` says. */
  settle(response: WireResponse): void
  /** Called when the run is cancelled. Nothing changes the response afterwards. */
  stop(): void
}

export interface Reader {
  cancelled(): void
}

/** Advances a run until its first `reached` events have happened. It never goes back. */
export function advanceRun(run: BackgroundRun, reached: number): void {
  const from = run.reached
  if (reached <= from) return
  run.reached = Math.min(reached, run.events.length)
  if (run.reached === run.events.length) return void run.settle(run.end)
  const latest = run.events.slice(from, run.reached).findLast((event) => 'response' in event)
  if (latest !== undefined) run.settle(latest.response)
}

/** Advances a run by one poll if no stream of it is open: queued, then in_progress, then the end. */
export function pollRun(run: BackgroundRun): void {
  if (run.readers.size > 0 || run.reached >= run.events.length) return
  const started = run.events.findIndex(({ type }) => type === 'response.in_progress') + 1
  advanceRun(run, run.reached < started ? started : run.events.length)
}
