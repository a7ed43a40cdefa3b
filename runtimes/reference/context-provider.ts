import type { AgentResponse } from './agent-response.ts'
import type { AgentSession } from './session.ts'

/** The data of one run that hooks and tools can read. */
export interface RunContext {
  readonly agent: string
  /** Absent if the run continues from its session. */
  readonly input?: string
  /** Absent if the run has no memory of earlier runs. */
  readonly session?: AgentSession
  /** The `context` option of `run`. A nested run has the context of its parent. */
  readonly context: unknown
  /** The run that called this run as a tool. */
  readonly parent?: RunContext
  /** Added to the agent's instructions in this run. `beforeRun` may push to it. */
  readonly instructions: string[]
}

/** Code that is called in every run of an agent. If a method throws, the run fails. */
export interface ContextProvider {
  /** Called once, before the first request of a run. */
  beforeRun?(run: RunContext): void | Promise<void>
  /**
   * Called once, after all other hooks of the run, when the model's last answer is complete or incomplete. Never called for a
   * run that failed or was stopped. The session already has its state after the turn.
   */
  afterRun?(run: RunContext, response: AgentResponse): void | Promise<void>
}
