import type { History } from '../../contract/events.ts'
import type { Plan } from '../../plan/types.ts'

/** Histories of one invariant, as data: its tests, and what `conform explain` shows. Without a `plan`, it is `emptyPlan`. */
export interface Examples {
  holds: (History | HeldExample)[]
  /** `says` stands in the message of a violation, and `cause` is its cause. */
  breaks: { history: History; plan?: Plan; says: string; cause?: string }[]
}

/** A history that holds with its plan. `unexercised`: the history does not put the rule to the test. */
export interface HeldExample {
  history: History
  plan?: Plan
  unexercised?: true
}

/** Returns an example that holds with its plan. */
export function readHeldExample(example: History | HeldExample): HeldExample & { plan: Plan } {
  return 'history' in example ? { plan: emptyPlan, ...example } : { history: example, plan: emptyPlan }
}

/** The plan of an example that says nothing of its plan: nobody says anything. */
export const emptyPlan: Plan = {
  schema: 1,
  seed: '',
  team: [],
  conversations: [],
  delivery: [],
  mode: { start: 'on' },
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
