/**
 * One stream event as the grammar reads it: the frame's `event:` name where there was one,
 * and the parsed JSON of its `data:` (a string where it was no JSON).
 */
export interface StreamEvent {
  event?: string
  data: unknown
}

/** A rule that a stream or an exchange broke. */
export interface Breach {
  /** The id of the rule, as in `conform check`. */
  rule: string
  /** Index of the stream event at which the breach was seen, 0-based; for exchange rules the interaction's index. */
  at: number
  /** What was found and what was expected, one line, no trailing stop. */
  message: string
}

export interface Rule {
  id: string
  /** One sentence: what holds in every legal stream. */
  statement: string
  /** Where that is known from: a row of the measured grammar, a page of the documentation. */
  source: string
}
