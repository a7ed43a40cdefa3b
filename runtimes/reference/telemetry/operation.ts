import type { Context } from '@opentelemetry/api'
import type { Ending } from '../ending.ts'

/** Something that takes time and may have a span. */
export interface Operation<Result> {
  /** Where the spans of what it does belong. */
  readonly context: Context
  end(ending: Ending<Result>): void
}
