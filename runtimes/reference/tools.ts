import type { Context } from '@opentelemetry/api'
import type { FunctionTool as FunctionToolParam } from 'openai/resources/responses/responses'
import type { UsageDetails } from './agent-response.ts'
import type { RunContext } from './context-provider.ts'

/** A run, as a tool that it calls sees it. */
export interface CallingRun {
  /** What hooks see of it. */
  readonly context: RunContext
  readonly stream: boolean
  readonly store: boolean
  /** The run's tokens; a tool that is a run of its own adds its tokens here. */
  readonly usage: UsageDetails
}

/** A call of a tool, as the tool sees it. */
export interface ToolInvocation {
  callId: string
  /** Fires when the run is stopped. */
  signal: AbortSignal
  /** The run that calls it. */
  run: CallingRun
  /** Where spans of the tool's own work belong. */
  trace: Context
}

/** A tool that the client runs. What `invoke` throws is told to the model as its output. */
export interface FunctionTool {
  name: string
  description?: string
  /** JSON Schema of the arguments. */
  parameters: Record<string, unknown>
  invoke(args: unknown, invocation: ToolInvocation): unknown
  /** Whether it ends by itself when the run is stopped; any other tool is then left to itself. */
  endsWithRun?: true
  /** The agent that a call of it hands the conversation to: the run ends with that call, once its output stands beside it. */
  handoffTo?: string
}

export function toolParam({ name, description, parameters }: FunctionTool): FunctionToolParam {
  return {
    type: 'function',
    name,
    parameters,
    strict: false,
    ...(description === undefined ? {} : { description }),
  }
}
