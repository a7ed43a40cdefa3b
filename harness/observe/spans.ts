import { BasicTracerProvider, type ReadableSpan, type SpanProcessor } from '@opentelemetry/sdk-trace-base'
import type { JsonObject } from '../../mocks/json.ts'
import type { HistoryEvent } from '../history/events.ts'
import type { OtelApi, SpanReport } from '../runtime.ts'

/** Writes each OpenTelemetry span into the history when it starts and when it ends, so that one that never ends is seen. */
function spanProcessor(add: (event: HistoryEvent) => void): SpanProcessor {
  return {
    onStart(span) {
      const parent = span.parentSpanContext?.spanId
      add({
        kind: 'span.start',
        span: span.spanContext().spanId,
        name: span.name,
        ...(parent === undefined ? {} : { parent }),
      })
    },
    onEnd: (span) => add(endOf(span)),
    forceFlush: async () => {},
    shutdown: async () => {},
  }
}

function endOf(span: ReadableSpan): HistoryEvent {
  const error = span.attributes['error.type'] ?? (span.status.code === 2 ? span.status.message : undefined)
  return {
    kind: 'span.end',
    span: span.spanContext().spanId,
    name: span.name,
    attributes: { ...span.attributes } as JsonObject,
    ...(error === undefined ? {} : { error: String(error) }),
  }
}

/** Makes our provider the global one of the runtime's own `@opentelemetry/api`; two versions of it in one process would not see each other. */
export function installProvider(api: OtelApi, add: (event: HistoryEvent) => void): BasicTracerProvider {
  const provider = new BasicTracerProvider({ spanProcessors: [spanProcessor(add)] })
  api.trace.disable()
  api.trace.setGlobalTracerProvider(provider)
  return provider
}

/** A span that a runtime without OpenTelemetry reports through the probe. */
export function spanEvent(report: SpanReport): HistoryEvent {
  const { id: span, name, parent, attributes, error } = report
  if (report.at === 'start')
    return { kind: 'span.start', span, name, ...(parent === undefined ? {} : { parent }) }
  return { kind: 'span.end', span, name, attributes, ...(error === undefined ? {} : { error }) }
}
