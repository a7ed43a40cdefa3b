import type { Context } from '@opentelemetry/api'
import type { ResponseFunctionToolCall } from 'openai/resources/responses/responses'
import type { ActiveRun } from './active-run.ts'
import { buildEnding, completed, raceWithAbort } from './ending.ts'
import { buildToolOutput, type Item } from './items.ts'

/** Executes the tool calls of one answer, and returns their outputs. */
export async function executeTools(
  run: ActiveRun,
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
  return definition.parts.executeCalls(calls, acted, run)
}

async function executeTool(run: ActiveRun, call: ResponseFunctionToolCall): Promise<Item> {
  const operation = run.telemetry.startToolCall(run, call)
  const ending = await invokeTool(run, call, operation.context).then(completed, (error: unknown) =>
    buildEnding(error, run.signal),
  )
  operation.end(run.definition.parts.traceEnding(ending))
  if (ending.kind === 'stopped') throw ending.reason
  return buildToolOutput(
    call,
    ending.kind === 'completed' ? ending.result : run.definition.parts.formatFailure(ending.error),
  )
}

async function invokeTool(run: ActiveRun, call: ResponseFunctionToolCall, trace: Context): Promise<string> {
  const tool = run.tools.get(call.name)
  if (tool === undefined) throw new Error(`there is no tool named ${call.name}`)
  const { signal } = run
  signal.throwIfAborted()
  const invocation = { callId: call.call_id, signal, run, trace }
  const work = run.definition.parts.invokeTool(tool, JSON.parse(call.arguments), invocation)
  const value = await (tool.endsWithRun ? work : raceWithAbort(work, signal))
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null')
}
