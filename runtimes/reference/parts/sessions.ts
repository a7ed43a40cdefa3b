import type { Ending } from '../ending.ts'
import type { Memory } from '../memory.ts'
import type { SessionState } from '../session.ts'

/** What a session is before a run and after it. */
export interface SessionParts {
  /** What of a session a run starts from. */
  recalled(state: SessionState): SessionState
  /** What a session is after a run. */
  remembered(memory: Memory, ending: Ending<unknown>): SessionState
}

export const soundSessions: SessionParts = {
  recalled: (state) => state,
  remembered: (memory, ending) => (ending.kind === 'completed' ? memory.reached() : memory.abandoned(ending)),
}
