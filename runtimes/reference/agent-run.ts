import type { Context } from '@opentelemetry/api'
import type { AgentResponse, AgentResponseUpdate } from './agent-response.ts'
import type { ResponseStream } from './response-stream.ts'
import type { AgentSession } from './session.ts'
import type { ToolInvocation } from './tools.ts'

/** What `Agent.run` returns. */
export type AgentRun = ResponseStream<AgentResponseUpdate, AgentResponse>

/** What `Agent.run` accepts beside the input. */
export interface RunOptions {
  /** The conversation that the run belongs to; without one it stands alone. One run of a session at a time. */
  session?: AgentSession
  /** Whether the model's answers are streamed; either way the run itself is. Default true. */
  stream?: boolean
  /** Whether the service stores the answers. Default true. */
  store?: boolean
  /** Stops the run. */
  signal?: AbortSignal
  /** Handed on to hooks and tools, and to runs of agents that are tools. */
  context?: unknown
  /** The call of a tool that the run is the work of. */
  parent?: ToolInvocation
  /** Where its spans belong; by default under the span that is active when the run is asked for. */
  trace?: Context
}
