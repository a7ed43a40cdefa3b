import type { Span, SpanData, Trace, TracingProcessor } from '@openai/agents'
import type { Probe } from '../../harness/runtime.ts'
import type { JsonObject } from '../../mocks/json.ts'

/** The SDK's own traces and spans, told to the probe under the names of the GenAI conventions where they have one. */
export function traceProcessor(probe: Probe): TracingProcessor {
  return {
    onTraceStart: async (trace) => probe.span(ofTrace(trace, 'start')),
    onTraceEnd: async (trace) => probe.span(ofTrace(trace, 'end')),
    onSpanStart: async (span) => probe.span(ofSpan(span, 'start')),
    onSpanEnd: async (span) => probe.span(ofSpan(span, 'end')),
    shutdown: async () => {},
    forceFlush: async () => {},
  }
}

function ofTrace(trace: Trace, at: 'start' | 'end') {
  return { id: trace.traceId, name: `trace ${trace.name}`, attributes: {}, at }
}

function ofSpan(span: Span<SpanData>, at: 'start' | 'end') {
  const { error } = span
  return {
    id: span.spanId,
    parent: span.parentId ?? span.traceId,
    name: nameOf(span.spanData),
    attributes: { type: span.spanData.type } as JsonObject,
    at,
    ...(error ? { error: error.message } : {}),
  }
}

function nameOf(data: SpanData): string {
  if (data.type === 'agent') return `invoke_agent ${data.name}`
  if (data.type === 'function') return `execute_tool ${data.name}`
  if (data.type === 'response' || data.type === 'generation') return 'chat'
  return data.type
}
