import type { History } from '../../contract/events.ts'

/** Histories of one invariant, as data: its tests, and what `conform explain` shows. */
export interface Examples {
  holds: History[]
  /** `says` stands in the message of a violation. */
  breaks: { history: History; says: string }[]
}

/** Histories of one comparison: that of a plan, and those of its variants. */
export interface Compared {
  holds: Histories[]
  breaks: { histories: Histories; says: string }[]
}

export interface Histories {
  own: History
  others: History[]
}
