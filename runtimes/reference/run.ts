import type { AgentResponse, AgentResponseUpdate } from './agent-response.ts'
import { chat } from './chat.ts'
import { type Ending, failed, untilAborted } from './ending.ts'
import { ToolRoundsError } from './errors.ts'
import { callsIn, textOfResponse } from './items.ts'
import type { RunScope } from './run-scope.ts'
import { executeTools } from './tools.ts'

/** So many answers of one run may call tools. */
const TOOL_ROUNDS = 64

/**
 * One run: context providers, then the model, then the tools that it calls, until it answers without a call. An answer that
 * ended incomplete is the last, and none of its calls is run. Nothing is opened before the first pull.
 */
export async function* runAgent(open: () => RunScope): AsyncGenerator<AgentResponseUpdate, AgentResponse> {
  const run = open()
  const { definition, context, memory, signal } = run
  for (const provider of definition.contextProviders ?? [])
    await untilAborted(provider.beforeRun?.(context), signal)
  await memory.open(definition.client, signal)
  for (let round = 0; round <= TOOL_ROUNDS; round++) {
    const response = yield* chat(run)
    memory.answered(response)
    const calls = callsIn(response.output)
    const incomplete = response.status === 'incomplete'
    if (calls.length === 0 || incomplete) {
      const status = incomplete ? 'incomplete' : 'completed'
      return { status, text: textOfResponse(response), usage: run.usage, response }
    }
    memory.add(await executeTools(run, calls))
  }
  throw new ToolRoundsError(TOOL_ROUNDS)
}

/** The end of a run, once its hooks have let it pass: the session changes, then `afterRun` is called, then its span ends. */
export async function settleRun(
  run: RunScope,
  ending: Ending<AgentResponse>,
): Promise<Ending<AgentResponse>> {
  remember(run, ending)
  let last = ending
  try {
    await callAfterRun(run, ending)
  } catch (error) {
    if (ending.kind === 'completed') {
      last = failed(error)
      remember(run, last)
    }
  }
  run.operation.end(last)
  return last
}

function remember({ definition, context, memory }: RunScope, ending: Ending<unknown>): void {
  if (context.session) context.session.state = definition.parts.remembered(memory, ending)
}

/** In the reverse order of `beforeRun`. */
async function callAfterRun({ definition, context }: RunScope, ending: Ending<AgentResponse>): Promise<void> {
  const response = definition.parts.forAfterRun(ending)
  if (response === undefined) return
  for (const provider of (definition.contextProviders ?? []).toReversed())
    await provider.afterRun?.(context, response)
}
