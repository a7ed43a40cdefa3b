import type { Agent } from '../agent.ts'
import type { WorkflowMessage } from './conversation.ts'

/** Whether a workflow's turn is over, asked after each answer, by the whole conversation so far. */
export type TerminationCondition = (conversation: readonly WorkflowMessage[]) => boolean

/** What a workflow is made of: its agents, who may hand off to whom, and when a turn ends. */
export interface HandoffDefinition {
  readonly name: string
  readonly participants: ReadonlyMap<string, Agent>
  readonly start: string
  /** Names of the agents that each may hand off to. */
  readonly handoffs: ReadonlyMap<string, readonly string[]>
  /** Present in autonomous mode: the most answers of an agent in one activation, by its name. */
  readonly turnLimits?: Readonly<Record<string, number>>
  readonly terminationCondition: TerminationCondition
}
