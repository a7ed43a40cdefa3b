import type { Attributes, Context, Span, SpanOptions, Tracer } from '@opentelemetry/api'
import type { Response } from 'openai/resources/responses/responses'
import { responseAttributes } from '../telemetry/messages.ts'
import { endSpan } from '../telemetry/span.ts'
import type { TelemetryMode } from '../telemetry/telemetry-mode.ts'

/** What spans there are, and what they tell. */
export interface TelemetryParts {
  /** Whether an operation has a span that begins in this mode. */
  hasSpan(mode: TelemetryMode): boolean
  /** Whether a span holds what was said, by the modes in which it began and ends. */
  holdsContent(begunIn: TelemetryMode, endsIn: TelemetryMode): boolean
  /** Opens an operation's span below another. */
  startSpan(tracer: Tracer, name: string, options: SpanOptions, above: Context): Span | undefined
  /** Closes an operation's span. */
  endSpan: typeof endSpan
  /** What the span of a request tells of its answer. */
  responseAttributes(response: Response): Attributes
  /** Does a piece of telemetry; what it throws is told, and reaches nobody else. */
  guarded<T>(work: () => T, tell: (error: unknown) => void): T | undefined
}

export const soundTelemetry: TelemetryParts = {
  hasSpan: (mode) => mode !== 'off',
  holdsContent: (begunIn, endsIn) => begunIn === 'sensitive' && endsIn === 'sensitive',
  startSpan: (tracer, name, options, above) => tracer.startSpan(name, options, above),
  endSpan,
  responseAttributes,
  guarded(work, tell) {
    try {
      return work()
    } catch (error) {
      tell(error)
      return undefined
    }
  },
}
