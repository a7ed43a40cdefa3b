import type { RunContext } from '../context-provider.ts'
import type { Operation } from '../telemetry/operation.ts'

/**
 * The state of one call of an instrumented agent: of no other call of that agent, and of none that is nested in it. It does
 * not name its agent, so that whatever keeps it does not keep that.
 */
export interface StepCall {
  /** The run that the call became, once a hook has told of it: hooks of any other run are not its own. */
  run: RunContext | undefined
  /** The rounds that have begun. */
  round: number
  /** That of the round that is on. */
  step: Operation<string> | undefined
  /** Why the model stopped in this round; undefined until it has. */
  finishReason: string | undefined
  /** Calls of tools that are on. */
  acting: number
}

export function newCall(): StepCall {
  return { run: undefined, round: 0, step: undefined, finishReason: undefined, acting: 0 }
}
