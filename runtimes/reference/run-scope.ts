import type OpenAI from 'openai'
import type { Agent } from './agent.ts'
import type { AgentHooks } from './agent-hooks.ts'
import type { AgentResponse, UsageDetails } from './agent-response.ts'
import type { ContextProvider, RunContext } from './context-provider.ts'
import type { Memory } from './memory.ts'
import type { Parts } from './parts.ts'
import type { AgentTelemetry, Operation } from './telemetry/agent-telemetry.ts'
import type { FunctionTool } from './tools.ts'

/** What an agent is: it holds nothing of any run, so that many runs can share it, also from inside its own tools. */
export interface AgentDefinition {
  readonly name: string
  readonly instructions: string
  readonly model: string
  readonly client: OpenAI
  readonly tools?: readonly FunctionTool[]
  readonly contextProviders?: readonly ContextProvider[]
  /** Parameters of the Responses API that go with every request. */
  readonly settings?: Readonly<Record<string, unknown>>
  readonly telemetry: AgentTelemetry
  /** Makes the hooks of each agent's loop; by default they are plain ones. */
  readonly hooksFor?: (agent: Agent) => AgentHooks
  /** Pieces of the runtime in the place of its own. */
  readonly parts: Parts
}

/** All that one run holds, and nothing else does. */
export interface RunScope {
  readonly agent: Agent
  readonly definition: AgentDefinition
  readonly tools: ReadonlyMap<string, FunctionTool>
  /** What hooks see of it. */
  readonly context: RunContext
  readonly stream: boolean
  readonly store: boolean
  /** Fires when the run is stopped. */
  readonly signal: AbortSignal
  readonly memory: Memory
  readonly telemetry: AgentTelemetry
  /** Its `invoke_agent`. */
  readonly operation: Operation<AgentResponse>
  readonly usage: UsageDetails
}
