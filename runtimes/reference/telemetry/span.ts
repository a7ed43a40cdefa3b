import { type Attributes, type Span, SpanStatusCode } from '@opentelemetry/api'
import type { Ending } from '../ending.ts'

/**
 * Ends a span. Sets the status ERROR and `error.type` only if the operation failed. A success leaves the status unset, as the
 * GenAI semantic conventions require. A stop leaves it unset too, because the caller asked for the stop. The message of an
 * error can quote the conversation, so the span contains it only with `content`.
 */
export function endSpan(span: Span, ending: Ending<unknown>, attributes: Attributes, content: boolean): void {
  try {
    span.setAttributes(attributes)
    if (ending.kind === 'failed') markFailed(span, ending.error, content)
  } finally {
    span.end()
  }
}

function markFailed(span: Span, error: unknown, content: boolean): void {
  const [type, message] =
    error instanceof Error ? [error.constructor.name, error.message] : ['thrown', String(error)]
  span.setAttribute('error.type', type)
  span.setStatus({ code: SpanStatusCode.ERROR, ...(content ? { message } : {}) })
}
