import type { HistoryEvent } from '../contract/events.ts'

/** A history that is being recorded. */
export interface HistoryRecorder {
  readonly events: HistoryEvent[]
  /** Adds an event, and notes the current step in it. */
  add(event: HistoryEvent): void
  step: number | undefined
  /** Resolves when the next event is added. */
  next(): Promise<void>
  /** Notes that the plan is over. From now on a runtime's doings are recorded as left behind. */
  endPlan(): void
  /** Ends the recording. What is added later is lost, so that it never gets into another plan's history. */
  close(): void
}

/** Events of the runtime itself. Everything else in a history is told by the harness or the service. */
const OF_RUNTIME: ReadonlySet<HistoryEvent['kind']> = new Set([
  'request',
  'request.other',
  'hook',
  'handoff',
  'tool.start',
  'span.start',
  'span.end',
  'registration',
])

/** Events that are recorded as they are when the plan is over. */
const OF_THE_END: ReadonlySet<HistoryEvent['kind']> = new Set(['noise', 'left-open', 'collection'])

export function startHistory(): HistoryRecorder {
  let waiting: PromiseWithResolvers<void> | undefined
  let phase: 'on' | 'over' | 'closed' = 'on'
  const recorder: HistoryRecorder = {
    events: [],
    step: undefined,
    add(given) {
      if (phase === 'closed') return
      const event = phase === 'over' ? toLeftBehind(given) : given
      if (event === undefined) return
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
    endPlan() {
      phase = 'over'
    },
    close() {
      phase = 'closed'
    },
  }
  return recorder
}

/** Returns what is recorded of an event after the plan: the harness's own doings, such as a cut connection, are not. */
function toLeftBehind(event: HistoryEvent): HistoryEvent | undefined {
  if (OF_THE_END.has(event.kind)) return event
  if (!OF_RUNTIME.has(event.kind)) return undefined
  return { kind: 'left-behind', what: event.kind, message: describeLate(event) }
}

function describeLate(event: HistoryEvent): string {
  switch (event.kind) {
    case 'span.start':
      return `span "${event.name}" was started`
    case 'span.end':
      return `span "${event.name}" ended`
    case 'tool.start':
      return `the tool ${event.name} was called`
    case 'hook':
      return `the hook ${event.name} was called`
    case 'handoff':
      return `${event.from} handed off to ${event.to}`
    case 'registration':
      return `a hook of ${event.agent} was changed (${event.at})`
    case 'request':
      return `request ${event.request} was sent`
    case 'request.other':
      return `request ${event.request} (${event.method}) was sent`
    default:
      return event.kind
  }
}
