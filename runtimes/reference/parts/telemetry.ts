import type { Attributes, Context, Span, SpanOptions, Tracer } from '@opentelemetry/api'
import type { Response, ResponseFunctionToolCall } from 'openai/resources/responses/responses'
import type { Item } from '../items.ts'
import { buildResponseAttributes, formatInputMessages, formatOutputMessages } from '../telemetry/messages.ts'
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
  /** Returns the attributes of a tool call, for its span. */
  buildCallAttributes(call: ResponseFunctionToolCall): Attributes
  /** Returns the input of a request, in JSON. */
  formatInputMessages(items: readonly Item[]): string
  /** Returns the output of a request, in JSON. */
  formatOutputMessages(response: Response): string
  /** Runs telemetry code. An error of that code goes to `tell` only, and the result is then undefined. */
  runGuarded<T>(work: () => T, tell: (error: unknown) => void): T | undefined
}

export const soundTelemetry: TelemetryParts = {
  hasSpan: (mode) => mode !== 'off',
  hasContent: (begunIn, endsIn) => begunIn === 'sensitive' && endsIn === 'sensitive',
  startSpan: (tracer, name, options, above) => tracer.startSpan(name, options, above),
  endSpan,
  buildResponseAttributes,
  buildCallAttributes: ({ name, call_id: id }) => ({ 'gen_ai.tool.name': name, 'gen_ai.tool.call.id': id }),
  formatInputMessages,
  formatOutputMessages,
  runGuarded(work, tell) {
    try {
      return work()
    } catch (error) {
      tell(error)
      return undefined
    }
  },
}
