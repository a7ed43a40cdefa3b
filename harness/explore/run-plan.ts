import type { History } from '../contract/events.ts'
import type { Plan } from '../plan/types.ts'

/** Runs one plan on the runtime under test. */
export type RunPlan = (plan: Plan) => Promise<PlanRun>

export interface PlanRun {
  history: History
  /** Set if the process did not survive the plan. The plan cannot run again in this process. */
  lost?: true
  /** Tells the watchdog that the harness still checks this history. */
  sign?: () => void
}

/** Thrown by `run` to end the exploration. The message is the reason. */
export class NotReachedError extends Error {}
