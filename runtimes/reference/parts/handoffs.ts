import type { AgentResponse } from '../agent-response.ts'
import {
  type Contribution,
  transcriptOf,
  type WorkflowMessage,
  withoutHandoffs,
} from '../handoff/conversation.ts'
import { takenOver } from '../handoff/workflow-session.ts'
import type { Item } from '../items.ts'
import type { AgentSession, MemoryKind } from '../session.ts'

/** Where a conversation changes hands, and when a workflow's turn ends. */
export interface HandoffParts {
  /** The agent that a conversation goes to when one is named that this agent may hand off to. */
  target(named: string, handoffs: readonly string[]): string
  /** The session of an agent that a conversation goes to. `before`: the one that it had earlier in the same turn. */
  takenOver(
    memory: MemoryKind,
    conversation: readonly Contribution[],
    before: AgentSession | undefined,
  ): AgentSession
  /** What others may read of an agent's activation. */
  retold(items: readonly Item[], isHandoff: (tool: string) => boolean): Item[]
  /** Whether a turn is over after an answer. */
  isOver(answered: Answered): boolean
  /** The conversation as people read it. */
  transcript(conversation: readonly Contribution[]): WorkflowMessage[]
}

/** What is known after an answer of a workflow. */
export interface Answered {
  status: AgentResponse['status']
  /** Whether it hands off. */
  handsOff: boolean
  /** Whether the workflow's own condition for its end is met. */
  conditionMet: boolean
  /** How many answers the agent has given since it has the conversation; 0 after a handoff. */
  answers: number
  /** How many it may give; absent where nobody goes on by itself. */
  limit?: number
}

export const soundHandoffs: HandoffParts = {
  target: (named) => named,
  takenOver,
  retold: withoutHandoffs,
  isOver({ status, handsOff, conditionMet, answers, limit }) {
    if (status === 'incomplete' || conditionMet) return true
    return !handsOff && (limit === undefined || answers >= limit)
  },
  transcript: transcriptOf,
}
