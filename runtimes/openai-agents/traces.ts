import type { Span, SpanData, Trace, TracingProcessor } from '@openai/agents'
import type { Probe, SpanReport } from '../../harness/contract/runtime.ts'
import { isObject, type Json, type JsonObject } from '../../mocks/json.ts'

/** Returns a processor that reports the SDK's traces and spans to the probe, with GenAI names where the conventions have one. */
export function createTraceProcessor(probe: Probe): TracingProcessor {
  return {
    onTraceStart: async (trace) => probe.span(buildTraceReport(trace, 'start')),
    onTraceEnd: async (trace) => probe.span(buildTraceReport(trace, 'end')),
    onSpanStart: async (span) => probe.span(buildSpanReport(span, 'start')),
    onSpanEnd: async (span) => probe.span(buildSpanReport(span, 'end')),
    shutdown: async () => {},
    forceFlush: async () => {},
  }
}

function buildTraceReport({ traceId, name }: Trace, at: SpanReport['at']): SpanReport {
  return { id: traceId, name: `trace ${name}`, attributes: {}, at }
}

function buildSpanReport(
  { spanId, parentId, traceId, spanData, error }: Span<SpanData>,
  at: SpanReport['at'],
): SpanReport {
  const data = readSpanData(spanData)
  return {
    id: spanId,
    parent: parentId ?? traceId,
    name: formatSpanName(spanData),
    attributes: {
      ...data,
      ...buildGenAiAttributes(data),
      ...(error?.data ? { 'error.data': toJson(error.data) } : {}),
    },
    at,
    ...(error ? { error: error.message } : {}),
  }
}

function formatSpanName(data: SpanData): string {
  if (data.type === 'agent') return `invoke_agent ${data.name}`
  if (data.type === 'function') return `execute_tool ${data.name}`
  if (data.type === 'response' || data.type === 'generation') return 'chat'
  return data.type
}

/**
 * Returns the data of a span. Without sensitive data, the SDK adds the response id only if the endpoint is api.openai.com.
 * Then the id is left out, so that all transports give the same spans.
 */
function readSpanData(spanData: SpanData): JsonObject {
  const { response_id, ...data } = toJson({ ...spanData }) as JsonObject
  return response_id === undefined || data['_response'] === undefined ? data : { ...data, response_id }
}

/** Returns the GenAI attributes in the data of a span. The span also has all data under the SDK's own names. */
function buildGenAiAttributes(data: JsonObject): JsonObject {
  const told = attributes[String(data['type'])]?.(data) ?? {}
  return Object.fromEntries(
    Object.entries(told).filter(
      (entry): entry is [string, Json] => entry[1] !== undefined && entry[1] !== '',
    ),
  )
}

const attributes: Record<string, (data: JsonObject) => Record<string, Json | undefined>> = {
  agent: ({ name }) => ({ 'gen_ai.agent.name': name }),
  function: ({ name, input, output }) => ({
    'gen_ai.tool.name': name,
    'gen_ai.tool.call.arguments': input,
    'gen_ai.tool.call.result': output,
  }),
  response({ response_id, _input, _response }) {
    const response = isObject(_response) ? _response : {}
    return {
      'gen_ai.response.id': response_id,
      'gen_ai.input.messages': _input,
      'gen_ai.output.messages': response['output'],
      ...buildUsageAttributes(response['usage']),
    }
  },
  generation: ({ input, output, ...data }) => ({
    'gen_ai.input.messages': input,
    'gen_ai.output.messages': output,
    ...buildUsageAttributes(data['usage']),
  }),
}

function buildUsageAttributes(said: Json | undefined): Record<string, Json | undefined> {
  if (!isObject(said)) return {}
  return {
    'gen_ai.usage.input_tokens': said['input_tokens'],
    'gen_ai.usage.output_tokens': said['output_tokens'],
  }
}

/** Returns a value as JSON, as an exporter would send it. */
function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json
}
