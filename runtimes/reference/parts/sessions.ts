import type { Ending } from '../ending.ts'
import type { Memory } from '../memory.ts'
import type { SessionState } from '../session.ts'

/** The state of a session before and after a run. */
export interface SessionParts {
  /** Returns the state that a run starts with. */
  recalled(state: SessionState): SessionState
  /** Returns the state of the session after a run. */
  remembered(memory: Memory, ending: Ending<unknown>): SessionState
}

export const soundSessions: SessionParts = {
  recalled: (state) => state,
  remembered: (memory, ending) => (ending.kind === 'completed' ? memory.reached() : memory.abandoned(ending)),
}
