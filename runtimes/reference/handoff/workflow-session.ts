import { AgentSession, type MemoryKind } from '../session.ts'
import { type Contribution, itemsOf } from './conversation.ts'

/** A conversation with a workflow between runs. It changes only when a run has ended well: one run of it at a time. */
export class WorkflowSession {
  readonly memory: MemoryKind
  state: WorkflowState = { conversation: [] }

  constructor(memory: MemoryKind = 'previous-response') {
    this.memory = memory
  }
}

export interface WorkflowState {
  readonly conversation: readonly Contribution[]
  /** The agent that has the conversation, and its own session with the service; absent before the first turn. */
  readonly active?: { readonly agent: string; readonly session: AgentSession }
}

/**
 * The session of an agent that takes a conversation over: new, so that no response of before the handoff is ever continued,
 * and with the whole conversation before what is said next.
 */
export function takenOver(memory: MemoryKind, conversation: readonly Contribution[]): AgentSession {
  const session = new AgentSession(memory)
  const items = itemsOf(conversation)
  session.state = { unsent: items, record: items }
  return session
}
