import type { History } from '../contract/events.ts'
import type { Capability } from '../contract/runtime.ts'
import type { Plan } from '../plan/types.ts'

/** A promise that every runtime keeps. */
export interface Promised {
  id: string
  level: 'must' | 'should'
  /** One sentence: what holds in every history. */
  statement: string
  /** The upstream issue, specification page or convention that it is argued from. */
  source: string
  /** The version of this project that first had it. */
  since: string
  /** What the runtime must be able to do for it to say anything. */
  needs: readonly Capability[]
}

/** A promise that one history shows, with the pure function that finds where a history breaks it. */
export interface Invariant extends Promised {
  check(history: History): Violation[]
}

/** A promise that only several histories of one plan show. */
export interface Comparison extends Promised {
  /** Any plan shows it as well as another: a sample of them is asked, also by a scenario that compares each plan. */
  sampled?: true
  /** The forms of a plan that are run beside it; none where the plan says nothing about the promise. */
  variants(plan: Plan): Plan[]
  /** What breaks it, by the plan's own history and those of its variants, in their order. */
  compare(own: History, others: readonly History[]): Violation[]
}

export interface Violation {
  /** What was found and what was expected, one line. */
  message: string
  /** Index of the history event in which it was seen. */
  at: number
}
