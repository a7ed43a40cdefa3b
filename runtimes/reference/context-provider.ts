import type { AgentResponse } from './agent-response.ts'
import type { AgentSession } from './session.ts'

/** One run, as hooks and tools see it. */
export interface RunContext {
  readonly agent: string
  /** Absent where the run goes on from its session. */
  readonly input?: string
  /** Absent where the run has no memory beyond itself. */
  readonly session?: AgentSession
  /** What the caller of `run` handed over; a nested run has its parent's. */
  readonly context: unknown
  /** The run whose tool this run is. */
  readonly parent?: RunContext
  /** Added to the agent's instructions in this run: `beforeRun` pushes to it. */
  readonly instructions: string[]
}

/** Takes part in every run of an agent. What either method throws fails the run. */
export interface ContextProvider {
  /** Called once, before the first request of a run. */
  beforeRun?(run: RunContext): void | Promise<void>
  /**
   * Called once, as the last of a run's hooks, when the model's last answer has come, whole or incomplete: never for a run
   * that failed or was stopped. The session is already as it is after the turn.
   */
  afterRun?(run: RunContext, response: AgentResponse): void | Promise<void>
}
