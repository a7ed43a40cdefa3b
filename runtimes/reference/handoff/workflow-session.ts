import { AgentSession, type MemoryKind } from '../session.ts'
import { type Contribution, listItems } from './conversation.ts'

/** A conversation with a workflow. It changes only when a run has completed, and allows one run at a time. */
export class WorkflowSession {
  readonly memory: MemoryKind
  state: WorkflowState = { conversation: [] }

  constructor(memory: MemoryKind = 'previous-response') {
    this.memory = memory
  }
}

export interface WorkflowState {
  readonly conversation: readonly Contribution[]
  /** The agent that currently handles the conversation, and its session. Absent before the first turn. */
  readonly active?: { readonly agent: string; readonly session: AgentSession }
}

/**
 * Returns a session for an agent that takes over a conversation. The session is new, so no request continues a response from
 * before the handoff. Its first request carries the whole conversation.
 */
export function openTakeoverSession(memory: MemoryKind, conversation: readonly Contribution[]): AgentSession {
  const session = new AgentSession(memory)
  const items = listItems(conversation)
  session.state = { unsent: items, record: items }
  return session
}
