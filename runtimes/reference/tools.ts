import type { Context } from '@opentelemetry/api'
import type {
  FunctionTool as FunctionToolParam,
  ResponseFunctionToolCall,
} from 'openai/resources/responses/responses'
import { completed, endingOf, untilAborted } from './ending.ts'
import { type Item, outputOf } from './items.ts'
import type { RunScope } from './run-scope.ts'

/** A call of a tool, as the tool sees it. */
export interface ToolInvocation {
  callId: string
  /** Fires when the run is stopped. */
  signal: AbortSignal
  /** The run that calls it. */
  run: RunScope
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

/** Runs the calls of one answer. */
export async function executeTools(
  run: RunScope,
  calls: readonly ResponseFunctionToolCall[],
): Promise<Item[]> {
  const { agent, definition, context, operation } = run
  const about = { run: context, trace: operation.context }
  for (const call of calls) await agent.hooks.call('preActing', agent, { ...about, call })
  const acted = async (call: ResponseFunctionToolCall) => {
    const output = await executeTool(run, call)
    await agent.hooks.call('postActing', agent, { ...about, call, output })
    return output
  }
  return definition.parts.outputs(calls, acted, run)
}

/** All calls at once; their outputs come in the order of the calls. */
export function inOrder(
  calls: readonly ResponseFunctionToolCall[],
  execute: (call: ResponseFunctionToolCall) => Promise<Item>,
): Promise<Item[]> {
  return Promise.all(calls.map(execute))
}

async function executeTool(run: RunScope, call: ResponseFunctionToolCall): Promise<Item> {
  const operation = run.telemetry.executeTool(run, call)
  const ending = await invoke(run, call, operation.context).then(completed, (error: unknown) =>
    endingOf(error, run.signal),
  )
  operation.end(ending)
  if (ending.kind === 'stopped') throw ending.reason
  return outputOf(
    call,
    ending.kind === 'completed' ? ending.result : run.definition.parts.toldOf(ending.error),
  )
}

/** The error's own words, for the model to go on by. */
export function toldOf(error: unknown): string {
  return `The tool failed: ${error instanceof Error ? error.message : String(error)}`
}

async function invoke(run: RunScope, call: ResponseFunctionToolCall, trace: Context): Promise<string> {
  const tool = run.tools.get(call.name)
  if (tool === undefined) throw new Error(`there is no tool named ${call.name}`)
  const { signal } = run
  signal.throwIfAborted()
  const invocation = { callId: call.call_id, signal, run, trace }
  const work = run.definition.parts.invoke(tool, JSON.parse(call.arguments), invocation)
  const value = await (tool.endsWithRun ? work : untilAborted(work, signal))
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null')
}
