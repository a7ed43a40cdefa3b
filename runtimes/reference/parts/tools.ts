import type { ResponseFunctionToolCall } from 'openai/resources/responses/responses'
import type { Item } from '../items.ts'
import type { RunScope } from '../run-scope.ts'
import type { FunctionTool, ToolInvocation } from '../tools.ts'

/** How the calls of an answer are run. */
export interface ToolParts {
  /** The outputs of the calls of one answer, each by `execute`: what the model is told. */
  outputs(
    calls: readonly ResponseFunctionToolCall[],
    execute: (call: ResponseFunctionToolCall) => Promise<Item>,
    run: RunScope,
  ): Promise<Item[]>
  /** Calls the tool. */
  invoke(tool: FunctionTool, args: unknown, invocation: ToolInvocation): unknown
  /** What the model is told of a call that failed. */
  toldOf(error: unknown): string
}

export const soundTools: ToolParts = {
  outputs: executeAtOnce,
  invoke: (tool, args, invocation) => tool.invoke(args, invocation),
  toldOf: describeFailure,
}

/** Executes all calls at once; their outputs come in the order of the calls. */
function executeAtOnce(
  calls: readonly ResponseFunctionToolCall[],
  execute: (call: ResponseFunctionToolCall) => Promise<Item>,
): Promise<Item[]> {
  return Promise.all(calls.map(execute))
}

/** Returns the error's own words, for the model to go on by. */
function describeFailure(error: unknown): string {
  return `The tool failed: ${error instanceof Error ? error.message : String(error)}`
}
