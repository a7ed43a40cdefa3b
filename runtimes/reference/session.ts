import type { Item } from './items.ts'

/**
 * Where a conversation is kept between two turns. `history`: the client keeps all items. `previous-response`: the service
 * keeps a chain of responses. `conversation-object`: the service keeps a conversation object.
 */
export type MemoryKind = 'history' | 'previous-response' | 'conversation-object'

/** The state of a session between two turns. */
export interface SessionState {
  /** The id at the service: of the last response, or of the conversation object. */
  readonly serviceSessionId?: string
  /** Items that the service does not have. They are sent before the next message. With `history`, these are all items. */
  readonly unsent: readonly Item[]
  /** All items so far, kept in case a new conversation object must be created. */
  readonly record: readonly Item[]
}

/** A conversation of several runs. It changes only when a run has ended, and allows one run at a time. */
export class AgentSession {
  readonly memory: MemoryKind
  state: SessionState = { unsent: [], record: [] }

  /** The default is `previous-response`, because the service stores responses by default. */
  constructor(memory: MemoryKind = 'previous-response') {
    this.memory = memory
  }

  get serviceSessionId(): string | undefined {
    return this.state.serviceSessionId
  }
}
