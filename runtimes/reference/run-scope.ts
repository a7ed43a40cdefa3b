import type { AgentDescription } from './agent-description.ts'
import type { AgentResponse } from './agent-response.ts'
import type { Memory } from './memory.ts'
import type { AgentTelemetry, TracedRun } from './telemetry/agent-telemetry.ts'
import type { Operation } from './telemetry/operation.ts'
import type { TracedAgent } from './telemetry/traced-agent.ts'
import type { CallingRun, FunctionTool } from './tools.ts'

/**
 * The complete state of one run, which the parts receive. Its definition names only the parts that telemetry needs. If it
 * named all parts, the two types would depend on each other. `ActiveRun` has all parts.
 */
export interface RunScope extends CallingRun, TracedRun {
  readonly definition: AgentDescription & TracedAgent
  readonly tools: ReadonlyMap<string, FunctionTool>
  /** The maximum number of answers that the run may use. */
  readonly maxAnswers: number
  /** Fires when the run is stopped. */
  readonly signal: AbortSignal
  readonly memory: Memory
  readonly telemetry: AgentTelemetry
  /** The `invoke_agent` operation of the run. */
  readonly operation: Operation<AgentResponse>
}
