import type { HistoryEvent } from '../contract/events.ts'

/** A history while it is being written. */
export interface HistoryRecorder {
  readonly events: HistoryEvent[]
  /** Stamps the event with the step that is on. */
  add(event: HistoryEvent): void
  step: number | undefined
  /** Settles when the next event is added. */
  next(): Promise<void>
}

export function startHistory(): HistoryRecorder {
  let waiting: PromiseWithResolvers<void> | undefined
  const recorder: HistoryRecorder = {
    events: [],
    step: undefined,
    add(event) {
      if (recorder.step !== undefined) event.step = recorder.step
      // A runtime may have replaced `push`: no event is lost by that.
      recorder.events[recorder.events.length] = event
      waiting?.resolve()
      waiting = undefined
    },
    next() {
      waiting ??= Promise.withResolvers()
      return waiting.promise
    },
  }
  return recorder
}
