import type { HistoryEvent } from '../contract/events.ts'

/** A history that is being recorded. */
export interface HistoryRecorder {
  readonly events: HistoryEvent[]
  /** Adds an event, and notes the current step in it. */
  add(event: HistoryEvent): void
  step: number | undefined
  /** Resolves when the next event is added. */
  next(): Promise<void>
}

export function startHistory(): HistoryRecorder {
  let waiting: PromiseWithResolvers<void> | undefined
  const recorder: HistoryRecorder = {
    events: [],
    step: undefined,
    add(event) {
      if (recorder.step !== undefined) event.step = recorder.step
      // No event is lost if a runtime has replaced `push`.
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
