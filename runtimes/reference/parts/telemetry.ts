import type { Attributes, Context, Span, SpanOptions, Tracer } from '@opentelemetry/api'
import type { Response } from 'openai/resources/responses/responses'
import { buildResponseAttributes } from '../telemetry/messages.ts'
import { endSpan } from '../telemetry/span.ts'
import type { TelemetryMode } from '../telemetry/telemetry-mode.ts'

/** Which spans exist, and what they contain. */
export interface TelemetryParts {
  /** Returns whether an operation that starts in this mode has a span. */
  hasSpan(mode: TelemetryMode): boolean
  /** Returns whether a span contains the texts of the conversation. `begunIn` and `endsIn`: the modes at its start and end. */
  hasContent(begunIn: TelemetryMode, endsIn: TelemetryMode): boolean
  /** Starts the span of an operation. `above` holds the parent span. */
  startSpan(tracer: Tracer, name: string, options: SpanOptions, above: Context): Span | undefined
  /** Ends the span of an operation. */
  endSpan: typeof endSpan
  /** Returns the attributes of an answer, for the span of its request. */
  buildResponseAttributes(response: Response): Attributes
  /** Runs telemetry code. An error of that code goes to `tell` only, and the result is then undefined. */
  runGuarded<T>(work: () => T, tell: (error: unknown) => void): T | undefined
}

export const soundTelemetry: TelemetryParts = {
  hasSpan: (mode) => mode !== 'off',
  hasContent: (begunIn, endsIn) => begunIn === 'sensitive' && endsIn === 'sensitive',
  startSpan: (tracer, name, options, above) => tracer.startSpan(name, options, above),
  endSpan,
  buildResponseAttributes,
  runGuarded(work, tell) {
    try {
      return work()
    } catch (error) {
      tell(error)
      return undefined
    }
  },
}
