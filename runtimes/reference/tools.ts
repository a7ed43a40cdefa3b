import type { Context } from '@opentelemetry/api'
import type { FunctionTool as FunctionToolParam } from 'openai/resources/responses/responses'
import type { UsageDetails } from './agent-response.ts'
import type { RunContext } from './context-provider.ts'

/** The data of a run that its tools can read. */
export interface CallingRun {
  readonly context: RunContext
  readonly stream: boolean
  readonly store: boolean
  /** The tokens of the run. An agent that is used as a tool adds its tokens here. */
  readonly usage: UsageDetails
}

/** The data of a tool call that the tool receives. */
export interface ToolInvocation {
  callId: string
  /** Fires when the run is stopped. */
  signal: AbortSignal
  /** The run that called the tool. */
  run: CallingRun
  /** The parent context for spans of the tool's work. */
  trace: Context
}

/** A tool that the client runs. If `invoke` throws, the error is sent to the model as the output. */
export interface FunctionTool {
  name: string
  description?: string
  /** JSON Schema of the arguments. */
  parameters: Record<string, unknown>
  invoke(args: unknown, invocation: ToolInvocation): unknown
  /** Set if the tool ends when the run is stopped. Then the run waits for the tool. Any other tool continues unobserved. */
  endsWithRun?: true
  /** The target of the handoff, if the tool is a handoff. The run ends after the call has its output. */
  handoffTo?: string
}

export function buildToolParam({ name, description, parameters }: FunctionTool): FunctionToolParam {
  return {
    type: 'function',
    name,
    parameters,
    strict: false,
    ...(description === undefined ? {} : { description }),
  }
}
