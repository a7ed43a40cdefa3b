import type { ResponseFunctionToolCall } from 'openai/resources/responses/responses'
import type { RunOptions } from '../agent-run.ts'
import type { Ending } from '../ending.ts'
import type { Item } from '../items.ts'
import type { RunScope } from '../run-scope.ts'
import type { FunctionTool, ToolInvocation } from '../tools.ts'

/** How the tool calls of an answer are executed. */
export interface ToolParts {
  /** Returns the tools that a run offers to the model. */
  offerTools(tools: readonly FunctionTool[]): readonly FunctionTool[]
  /** Returns the options of the run of an agent that is a tool. */
  buildNestedOptions(options: RunOptions): RunOptions
  /** Executes the calls of one answer with `execute`. Returns their outputs, which are sent to the model. */
  executeCalls(
    calls: readonly ResponseFunctionToolCall[],
    execute: (call: ResponseFunctionToolCall) => Promise<Item>,
    run: RunScope,
  ): Promise<Item[]>
  invokeTool(tool: FunctionTool, args: unknown, invocation: ToolInvocation): unknown
  /** Returns the ending that the span of a tool call tells of. */
  traceEnding(ending: Ending<string>): Ending<string>
  /** Returns the output for a tool call that failed. */
  formatFailure(error: unknown): string
}

export const soundTools: ToolParts = {
  offerTools: (tools) => tools,
  buildNestedOptions: (options) => options,
  executeCalls: executeAtOnce,
  invokeTool: (tool, args, invocation) => tool.invoke(args, invocation),
  traceEnding: (ending) => ending,
  formatFailure,
}

/** Executes all calls at once. Returns their outputs in the order of the calls. */
function executeAtOnce(
  calls: readonly ResponseFunctionToolCall[],
  execute: (call: ResponseFunctionToolCall) => Promise<Item>,
): Promise<Item[]> {
  return Promise.all(calls.map(execute))
}

/** Returns the message of the error, so that the model can react to it. */
function formatFailure(error: unknown): string {
  return `The tool failed: ${error instanceof Error ? error.message : String(error)}`
}
