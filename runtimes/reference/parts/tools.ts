import type { ResponseFunctionToolCall } from 'openai/resources/responses/responses'
import type { Item } from '../items.ts'
import type { RunScope } from '../run-scope.ts'
import { type FunctionTool, inOrder, type ToolInvocation, toldOf } from '../tools.ts'

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
  outputs: inOrder,
  invoke: (tool, args, invocation) => tool.invoke(args, invocation),
  toldOf,
}
