/**
 * One stream event: the `event:` name of the frame, if it has one, and the parsed JSON of its `data:`. Data that is not
 * JSON is a string.
 */
export interface StreamEvent {
  event?: string
  data: unknown
}

/** A rule that a stream or an exchange breaks. */
export interface Breach {
  /** The id of the rule, as `conform check` prints it. */
  rule: string
  /** The 0-based index of the stream event that shows the breach. For exchange rules, the index of the interaction. */
  at: number
  /** What was found and what was expected, in one line without a full stop. */
  message: string
}

/** A known difference from the common form that real servers show. It has a name and breaks no rule. */
export interface Quirk {
  quirk: string
  /** The 0-based index of the stream event or interaction that first shows the quirk. */
  at: number
  message: string
  /** How many events show the quirk. */
  times: number
}

export interface Findings {
  breaches: Breach[]
  quirks: Quirk[]
}

/** A rule or a quirk, as `conform check` lists it. */
export interface Rule {
  id: string
  /** One sentence. For a rule: what holds in every legal stream. For a quirk: how the stream differs. */
  statement: string
  /** The evidence: a row of the measured grammar or a page of the documentation. */
  source: string
}
