import { eventsOf } from '../history/events.ts'
import type { Invariant } from './types.ts'

export const noLeakedSpans: Invariant = {
  id: 'no-leaked-spans',
  level: 'must',
  statement: 'After the team is closed, every span that was started has ended.',
  source: 'OpenTelemetry specification, Trace API, Span: End; microsoft/agent-framework#6866',
  since: '0.1.0',
  needs: ['spans'],
  check(history) {
    const ended = new Set(eventsOf(history, 'span.end').map((event) => event.span))
    const started = eventsOf(history, 'span.start')
    const leaked = history.flatMap((event, at) =>
      event.kind === 'span.start' && !ended.has(event.span)
        ? [{ at, message: `span "${event.name}" was started and never ended` }]
        : [],
    )
    const silent = started.length === 0 && eventsOf(history, 'run.end').length > 0
    return silent ? [{ at: history.length - 1, message: 'spans are declared, and none was started' }] : leaked
  },
}
