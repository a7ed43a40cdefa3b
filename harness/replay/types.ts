import type { Recording } from '../../mocks/recordings/types.ts'
import type { AgentSpec, SessionMode } from '../plan/types.ts'
import type { Capability } from '../runtime.ts'

/** One recorded conversation as something that a runtime can be put through. */
export interface Replay {
  /** The id of its file. */
  recording: string
  agent: AgentSpec
  store: boolean
  /** The session modes in which it can be played: a chain needs stored responses. */
  sessions: SessionMode[]
  /** What the recorded server asks of a client beyond the service's contract. */
  needs: Capability[]
  turns: ReplayTurn[]
}

/** One user message, and the exchanges with which the model answered it. */
export interface ReplayTurn {
  say: string
  stream: boolean
  exchanges: Recording[]
}

/** What a file of recordings gives: its conversations, and what is left out with the reason. */
export interface Derived {
  replays: Replay[]
  /** Why a conversation of the file cannot be put to a runtime. */
  inexpressible: string[]
  /** Exchanges that are no `POST /responses`, by method and path. */
  leftOut: string[]
}
