import type { SpanContext } from '@opentelemetry/api'
import type { HistoryEvent, LateChange } from '../contract/events.ts'
import { readSpanName } from './span-name.ts'

/** The methods that change a span, and what each changes. */
const CHANGES: Readonly<Record<string, LateChange>> = {
  setAttribute: 'attribute',
  setAttributes: 'attribute',
  addEvent: 'event',
  recordException: 'event',
  addLink: 'link',
  addLinks: 'link',
  setStatus: 'status',
  updateName: 'name',
  end: 'end',
}

/** A span of the OpenTelemetry SDK while it is recorded. */
interface RecordedSpan {
  name: string
  ended: boolean
  spanContext(): SpanContext
}

/** Records when a span is changed after its end, once for each kind of change. The SDK itself ignores such a change. */
export function watchAfterEnd(span: RecordedSpan, add: (event: HistoryEvent) => void): void {
  const told = new Set<LateChange>()
  const methods = span as unknown as Record<string, unknown>
  for (const [name, set] of Object.entries(CHANGES)) {
    const method = methods[name]
    if (typeof method !== 'function') continue
    methods[name] = (...given: unknown[]) => {
      if (span.ended && !told.has(set)) {
        told.add(set)
        add({ kind: 'span.late', span: span.spanContext().spanId, name: readSpanName(span.name), set })
      }
      return method.apply(span, given)
    }
  }
}
