import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import type { WireResponse } from './compose/response.ts'
import type { Wire } from './types.ts'

/**
 * The work behind a background response. It keeps no time: it moves as a stream of it is sent, or when it is polled
 * while no stream of it is open. A client that goes does not stop it (SERVICE-FACTS 1, Azure contract B17).
 */
export interface BackgroundRun {
  /** All events of the run, in order. */
  readonly events: readonly ResponseStreamEvent[]
  /** The response when all of them have come to be. */
  readonly end: WireResponse
  readonly wire: Wire
  /** Whether it was created with `stream: true`. */
  readonly streamed: boolean
  /** How many events have come to be; all, once it was stopped. */
  reached: number
  /** Streams of it that are open now; each is told of a cancel. */
  readers: Set<Reader>
  /** Puts the response into the state that `reached` says. */
  settle(response: WireResponse): void
  /** It was cancelled: nothing that comes changes its response any more. */
  stop(): void
}

export interface Reader {
  cancelled(): void
}

/** Moves a run so far that its first `reached` events have come to be. Going back is impossible. */
export function advance(run: BackgroundRun, reached: number): void {
  const from = run.reached
  if (reached <= from) return
  run.reached = Math.min(reached, run.events.length)
  if (run.reached === run.events.length) return void run.settle(run.end)
  const latest = run.events.slice(from, run.reached).findLast((event) => 'response' in event)
  if (latest !== undefined) run.settle(latest.response)
}

/** One poll of a run that nobody streams: queued, then in_progress, then its end. */
export function poll(run: BackgroundRun): void {
  if (run.readers.size > 0 || run.reached >= run.events.length) return
  const started = run.events.findIndex(({ type }) => type === 'response.in_progress') + 1
  advance(run, run.reached < started ? started : run.events.length)
}
