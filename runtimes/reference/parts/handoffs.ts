import type { AgentResponse } from '../agent-response.ts'
import {
  buildTranscript,
  type Contribution,
  listSharedItems,
  type WorkflowMessage,
} from '../handoff/conversation.ts'
import { openTakeoverSession } from '../handoff/workflow-session.ts'
import type { Item } from '../items.ts'
import type { AgentSession, MemoryKind } from '../session.ts'

/** How a handoff works, and when a workflow's turn ends. */
export interface HandoffParts {
  /** Returns the agent that takes over. `named` is the agent in the call, `handoffs` are all possible targets. */
  chooseTarget(named: string, handoffs: readonly string[]): string
  /** Returns the session of the agent that takes over. `before` is the agent's earlier session in the same turn. */
  openSession(
    memory: MemoryKind,
    conversation: readonly Contribution[],
    before: AgentSession | undefined,
  ): AgentSession
  /** Returns the items of an agent's turn that other agents may read. */
  listSharedItems(items: readonly Item[], isHandoff: (tool: string) => boolean): Item[]
  /** Returns whether the turn is over after an answer. */
  isOver(answered: Answered): boolean
  /** Returns each message of the conversation with its author. */
  buildTranscript(conversation: readonly Contribution[]): WorkflowMessage[]
}

/** The state of a workflow's turn after an answer. */
export interface Answered {
  status: AgentResponse['status']
  /** Whether the answer hands off. */
  handsOff: boolean
  /** Whether the workflow's termination condition is met. */
  conditionMet: boolean
  /** Number of answers of the active agent since it took over. 0 after a handoff. */
  answers: number
  /** Maximum number of answers of the active agent. Absent without autonomous mode. */
  limit?: number
}

export const soundHandoffs: HandoffParts = {
  chooseTarget: (named) => named,
  openSession: openTakeoverSession,
  listSharedItems,
  isOver({ status, handsOff, conditionMet, answers, limit }) {
    if (status === 'incomplete' || conditionMet) return true
    return !handsOff && (limit === undefined || answers >= limit)
  },
  buildTranscript,
}
