import type { RunContext } from '../context-provider.ts'
import type { Operation } from '../telemetry/operation.ts'

/**
 * The state of one call of an instrumented agent. Other calls of the agent, including nested ones, have their own state. The
 * state does not reference the agent, so it does not keep the agent in memory.
 */
export interface StepCall {
  /** The run of this call, set at its first hook. Hooks of other runs are ignored. */
  run: RunContext | undefined
  /** Number of started rounds. */
  round: number
  /** The operation of the current round. */
  step: Operation<string> | undefined
  /** Why the model stopped in this round. Undefined before the answer. */
  finishReason: string | undefined
  /** Number of active tool calls. */
  acting: number
}

export function createStepCall(): StepCall {
  return { run: undefined, round: 0, step: undefined, finishReason: undefined, acting: 0 }
}
