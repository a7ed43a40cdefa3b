import { type Attributes, type Span, SpanStatusCode } from '@opentelemetry/api'
import type { Ending } from '../ending.ts'

/**
 * Closes a span: with ERROR and `error.type` if and only if the operation failed. A success leaves the status unset, as the
 * GenAI semantic conventions have it; so does a stop, which is what the caller asked for. An error's message can quote what
 * was said, so it is told only where content is.
 */
export function endSpan(span: Span, ending: Ending<unknown>, attributes: Attributes, content: boolean): void {
  try {
    span.setAttributes(attributes)
    if (ending.kind === 'failed') fail(span, ending.error, content)
  } finally {
    span.end()
  }
}

function fail(span: Span, error: unknown, content: boolean): void {
  const [type, message] =
    error instanceof Error ? [error.constructor.name, error.message] : ['thrown', String(error)]
  span.setAttribute('error.type', type)
  span.setStatus({ code: SpanStatusCode.ERROR, ...(content ? { message } : {}) })
}
