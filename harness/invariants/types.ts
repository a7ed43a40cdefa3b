import type { History } from '../contract/events.ts'
import type { Capability } from '../contract/runtime.ts'
import type { Plan } from '../plan/types.ts'

/** What invariants and comparisons have in common: a rule that every runtime must keep. */
export interface Promised {
  id: string
  level: 'must' | 'should'
  /** What holds in every history, in one or two sentences. */
  statement: string
  /** The upstream issue, specification or convention that justifies the rule. */
  source: string
  /** The version of this project that introduced the rule. */
  since: string
  /** Capabilities that a runtime must declare for the rule to be checked. */
  needs: readonly Capability[]
}

/** A rule that is checked on one history. */
export interface Invariant extends Promised {
  /** Returns where a history breaks the rule. The function is pure. */
  check(history: History, plan: Plan): Violation[]
  /** Returns how often the history puts the rule to the test: how often the premise of the rule occurred. */
  countWitnesses(history: History, plan: Plan): number
}

/** A rule that is checked on several histories of one plan. */
export interface Comparison extends Promised {
  /** Whether a sample of the plans is enough, even in a scenario that compares every plan. */
  sampled?: true
  /** Returns the variants of a plan to run as well. Returns none if the rule does not apply to the plan. */
  variants(plan: Plan): Plan[]
  /** Returns where the history of the plan differs from the histories of its variants. */
  compare(own: History, others: readonly History[], plan: Plan): Violation[]
  /** Returns how many runs were compared. */
  countWitnesses(own: History, others: readonly History[], plan: Plan): number
}

export interface Violation {
  /** What was found and what was expected, in one line. */
  message: string
  /** Index of the history event that shows the violation. */
  at: number
  /**
   * A short stable key of what went wrong, for example `chat span, run failed`. Two violations with one cause are taken for
   * one bug. Contains no ids, numbers, canaries or texts of the plan.
   */
  cause: string
}
