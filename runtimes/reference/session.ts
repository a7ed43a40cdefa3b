import type { Item } from './items.ts'

/**
 * Who keeps a conversation from turn to turn: the client all of its items (`history`), the service behind the last
 * response (`previous-response`), or the service in a conversation object of its own (`conversation-object`).
 */
export type MemoryKind = 'history' | 'previous-response' | 'conversation-object'

/** What a session holds between two turns. */
export interface SessionState {
  /** The service's name of what it keeps: the id of the last response, or of the conversation object. */
  readonly serviceSessionId?: string
  /** What stands before the next turn's message and the service does not have: with `history`, everything. */
  readonly unsent: readonly Item[]
  /** Everything said so far, where a conversation object may have to be made anew. */
  readonly record: readonly Item[]
}

/** A conversation between runs. It changes only as a whole, when a run has ended: one run of it at a time. */
export class AgentSession {
  readonly memory: MemoryKind
  state: SessionState = { unsent: [], record: [] }

  /** By default the service keeps it behind the last response, as its own default is to store. */
  constructor(memory: MemoryKind = 'previous-response') {
    this.memory = memory
  }

  get serviceSessionId(): string | undefined {
    return this.state.serviceSessionId
  }
}
