import type { Context } from '@opentelemetry/api'
import type { Ending } from '../ending.ts'

/** A piece of work that may have a span. */
export interface Operation<Result> {
  /** The parent context for spans inside the operation. */
  readonly context: Context
  end(ending: Ending<Result>): void
}
