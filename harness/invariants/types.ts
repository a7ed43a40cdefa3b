import type { History } from '../history/events.ts'
import type { Capability } from '../runtime.ts'

/** A promise that every runtime keeps, and the pure function that finds where a history breaks it. */
export interface Invariant {
  id: string
  level: 'must' | 'should'
  /** One sentence: what holds in every history. */
  statement: string
  /** The upstream issue, specification page or convention that it is argued from. */
  source: string
  /** The version of this project that first had it. */
  since: string
  /** What the runtime must be able to do for the invariant to say anything. */
  needs: readonly Capability[]
  check(history: History): Violation[]
}

export interface Violation {
  /** What was found and what was expected, one line. */
  message: string
  /** Index of the history event in which it was seen. */
  at: number
}
