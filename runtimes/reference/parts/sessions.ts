import type { Ending } from '../ending.ts'
import type { Memory } from '../memory.ts'
import type { SessionState } from '../session.ts'

/** The state of a session before and after a run. */
export interface SessionParts {
  /** Returns the state that a run starts with. */
  recallState(state: SessionState): SessionState
  /** Returns the state of the session after a run. */
  rememberState(memory: Memory, ending: Ending<unknown>): SessionState
}

export const soundSessions: SessionParts = {
  recallState: (state) => state,
  rememberState: (memory, ending) =>
    ending.kind === 'completed' ? memory.buildCompletedState() : memory.buildAbandonedState(ending),
}
