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

/** A known departure from the common form that servers do show: recognised by name, never a breach. */
export interface Quirk {
  /** The id of the quirk. */
  quirk: string
  /** Index of the stream event (or interaction) at which it first showed, 0-based. */
  at: number
  message: string
  /** How often it showed. */
  times: number
}

export interface Findings {
  breaches: Breach[]
  quirks: Quirk[]
}

/** A rule or a quirk, as it is listed. */
export interface Rule {
  id: string
  /** One sentence: what holds in every legal stream; of a quirk: how it departs. */
  statement: string
  /** Where that is known from: a row of the measured grammar, a page of the documentation. */
  source: string
}
