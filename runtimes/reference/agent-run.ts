import type { Context } from '@opentelemetry/api'
import type { AgentResponse, AgentResponseUpdate } from './agent-response.ts'
import type { ResponseStream } from './response-stream.ts'
import type { AgentSession } from './session.ts'
import type { ToolInvocation } from './tools.ts'

/** The return type of `Agent.run`. */
export type AgentRun = ResponseStream<AgentResponseUpdate, AgentResponse>

/** The options of `Agent.run`. */
export interface RunOptions {
  /** The conversation of the run. Without a session, the run has no memory. A session allows one run at a time. */
  session?: AgentSession
  /** Whether the model's answers are streamed. The run itself always delivers a stream. Default true. */
  stream?: boolean
  /** Whether the service stores the answers. Default true. */
  store?: boolean
  /** The maximum number of answers that the run may use. If the last of them calls tools, the run fails. Default 64. */
  maxAnswers?: number
  /** Stops the run. */
  signal?: AbortSignal
  /** A value for hooks and tools. Nested runs of agents that are tools receive it too. */
  context?: unknown
  /** The tool call that started this run, if the agent is used as a tool. */
  parent?: ToolInvocation
  /** The parent context for the spans of the run. Default: the context that is active when `run` is called. */
  trace?: Context
}
