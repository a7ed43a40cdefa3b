import type { AgentDescription } from './agent-description.ts'
import type { AgentResponse } from './agent-response.ts'
import type { Memory } from './memory.ts'
import type { AgentTelemetry, TracedRun } from './telemetry/agent-telemetry.ts'
import type { Operation } from './telemetry/operation.ts'
import type { TracedAgent } from './telemetry/traced-agent.ts'
import type { CallingRun, FunctionTool } from './tools.ts'

/**
 * All that one run holds, and nothing else does. The parts receive it. Its definition names only the parts that telemetry
 * needs: if it named all parts, their type and this one would depend on each other. `ActiveRun` has all parts.
 */
export interface RunScope extends CallingRun, TracedRun {
  readonly definition: AgentDescription & TracedAgent
  readonly tools: ReadonlyMap<string, FunctionTool>
  /** Fires when the run is stopped. */
  readonly signal: AbortSignal
  readonly memory: Memory
  readonly telemetry: AgentTelemetry
  /** Its `invoke_agent`. */
  readonly operation: Operation<AgentResponse>
}
