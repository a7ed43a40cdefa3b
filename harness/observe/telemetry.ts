import { type ContextManager, type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  BasicTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import type { JsonObject } from '../../mocks/json.ts'
import type { HistoryEvent, SpanKindName } from '../contract/events.ts'
import type { OtelApi, SpanReport } from '../contract/runtime.ts'
import type { Sabotage } from '../plan/types.ts'
import { watchAfterEnd } from './late-changes.ts'
import { readSpanName } from './span-name.ts'

/** The telemetry that a runtime uses during a plan. It records spans, and misbehaves if the plan says so. */
export interface Telemetry {
  install(api: OtelApi): BasicTracerProvider
  /** Records a span of a runtime without OpenTelemetry. */
  report(span: SpanReport): void
  /**
   * Returns the runtime's OpenTelemetry API and a new span for the consumer. Undefined if the runtime has installed
   * none.
   */
  consumer(): { api: OtelApi; span: Span } | undefined
  close(): Promise<void>
}

/** The name of the consumer's own span. It is not recorded. */
const CONSUMER = 'consumer'

export function openTelemetry(
  add: (event: HistoryEvent) => void,
  cause: () => number | null,
  sabotage: Sabotage | undefined,
  /** Called with each span that starts. */
  noteSpan: (span: object) => void = () => {},
): Telemetry {
  const ends = createRepeatCounter(sabotage, 'span-end')
  const starts = createRepeatCounter(sabotage, 'span-start')
  const started = (event: Extract<HistoryEvent, { kind: 'span.start' }>) => {
    for (let times = starts(); times > 0; times--) add(event)
  }
  const ended = (event: Extract<HistoryEvent, { kind: 'span.end' }>) => {
    for (let times = ends(); times > 0; times--) add({ ...event })
  }
  const installed: { api: OtelApi; provider: BasicTracerProvider; manager: ContextManager }[] = []
  return {
    install(api) {
      const known = installed.find((one) => one.api === api)
      if (known) return known.provider
      const spans: SpanProcessor = {
        onStart(span) {
          if (span.name === CONSUMER) return
          started(toSpanStart(span, cause()))
          watchAfterEnd(span, add)
          noteSpan(span)
        },
        onEnd(span) {
          if (span.name !== CONSUMER) ended(toSpanEnd(span))
        },
        forceFlush: async () => {},
        shutdown: async () => {},
      }
      const spanProcessors = [
        spans,
        ...(sabotage?.part === 'exporter' ? [createBrokenExporter(sabotage)] : []),
      ]
      const provider = new BasicTracerProvider({ spanProcessors })
      const manager = new AsyncLocalStorageContextManager().enable()
      api.trace.disable()
      api.context.disable()
      api.trace.setGlobalTracerProvider(provider)
      api.context.setGlobalContextManager(manager)
      installed.push({ api, provider, manager })
      return provider
    },
    report({ id: span, name: given, parent, attributes, error, at }) {
      const name = readSpanName(given)
      if (at === 'start')
        return started({
          kind: 'span.start',
          span,
          name,
          conversation: cause(),
          ...(parent === undefined ? {} : { parent }),
        })
      const status = error === undefined ? 'UNSET' : 'ERROR'
      ended({
        kind: 'span.end',
        span,
        name,
        attributes,
        status,
        ...(error === undefined ? {} : { error }),
      })
    },
    consumer() {
      const [first] = installed
      if (first === undefined) return undefined
      return { api: first.api, span: first.provider.getTracer('conformance').startSpan(CONSUMER) }
    },
    async close() {
      for (const { api, provider, manager } of installed) {
        await provider.shutdown().catch(() => undefined)
        api.trace.disable()
        api.context.disable()
        manager.disable()
      }
    },
  }
}

/**
 * Returns a function that says how many times a use of this part is recorded: once, or 0 or 2 times if the plan
 * breaks this use. It throws if the plan makes the part throw.
 */
function createRepeatCounter(sabotage: Sabotage | undefined, part: Sabotage['part']): () => number {
  let uses = 0
  return () => {
    if (sabotage?.part !== part || uses++ !== sabotage.nth) return 1
    if (sabotage.does === 'throw') throw new Error(`conformance: ${part} throws`)
    return sabotage.does === 'repeat' ? 2 : 0
  }
}

/** Returns a span processor of the SDK with an exporter that throws, never answers or loses spans. */
function createBrokenExporter({ does, nth }: Sabotage): SpanProcessor {
  let uses = 0
  const exporter: SpanExporter = {
    export(_, done) {
      const strikes = uses++ >= nth
      if (strikes && does === 'throw') throw new Error('conformance: exporter throws')
      if (!strikes || does === 'drop') done({ code: 0 })
    },
    async shutdown() {},
  }
  return new SimpleSpanProcessor(exporter)
}

function toSpanStart(
  span: {
    name: string
    kind: SpanKind
    parentSpanContext?: { spanId: string } | undefined
    spanContext(): { spanId: string }
  },
  conversation: number | null,
): Extract<HistoryEvent, { kind: 'span.start' }> {
  const parent = span.parentSpanContext?.spanId
  return {
    kind: 'span.start',
    span: span.spanContext().spanId,
    name: readSpanName(span.name),
    conversation,
    spanKind: SpanKind[span.kind] as SpanKindName,
    ...(parent === undefined ? {} : { parent }),
  }
}

const STATUS = {
  [SpanStatusCode.UNSET]: 'UNSET',
  [SpanStatusCode.OK]: 'OK',
  [SpanStatusCode.ERROR]: 'ERROR',
} as const

function toSpanEnd(span: ReadableSpan): Extract<HistoryEvent, { kind: 'span.end' }> {
  const { code, message } = span.status
  const events = span.events.map(({ name, attributes }) => ({
    name,
    attributes: { ...attributes } as JsonObject,
  }))
  return {
    kind: 'span.end',
    span: span.spanContext().spanId,
    name: readSpanName(span.name),
    attributes: { ...span.attributes } as JsonObject,
    status: STATUS[code],
    ...(message === undefined ? {} : { error: message }),
    ...(events.length > 0 ? { events } : {}),
  }
}
