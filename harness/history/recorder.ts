import type { HistoryEvent } from './events.ts'

/** A history while it is being written. */
export interface HistoryRecorder {
  readonly events: HistoryEvent[]
  /** Stamps the event with the step that is on. */
  add(event: HistoryEvent): void
  step: number | undefined
}

export function startHistory(): HistoryRecorder {
  const recorder: HistoryRecorder = {
    events: [],
    step: undefined,
    add(event) {
      if (recorder.step !== undefined) event.step = recorder.step
      recorder.events.push(event)
    },
  }
  return recorder
}
