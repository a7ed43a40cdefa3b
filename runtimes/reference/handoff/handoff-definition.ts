import type { Agent } from '../agent.ts'
import type { WorkflowMessage } from './conversation.ts'

/** Returns whether the turn is over. Called after each answer, with the whole conversation so far. */
export type TerminationCondition = (conversation: readonly WorkflowMessage[]) => boolean

/** The agents of a workflow, the possible handoffs, and the conditions that end a turn. */
export interface HandoffDefinition {
  readonly name: string
  readonly participants: ReadonlyMap<string, Agent>
  readonly start: string
  /** The possible targets of a handoff, by the name of the agent that hands off. */
  readonly handoffs: ReadonlyMap<string, readonly string[]>
  /** Maximum number of answers between two handoffs, by agent name. Present only in autonomous mode. */
  readonly turnLimits?: Readonly<Record<string, number>>
  readonly terminationCondition: TerminationCondition
}
