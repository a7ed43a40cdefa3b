import type { HistoryEvent } from './events.ts'

/** A history while it is being written. */
export interface HistoryRecorder {
  readonly events: HistoryEvent[]
  add(event: HistoryEvent): void
}

export function startHistory(): HistoryRecorder {
  const events: HistoryEvent[] = []
  return { events, add: (event) => events.push(event) }
}
