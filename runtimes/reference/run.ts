import type { ResponseFunctionToolCall } from 'openai/resources/responses/responses'
import type { ActiveRun } from './active-run.ts'
import type { AgentResponse, AgentResponseUpdate } from './agent-response.ts'
import { askModel } from './chat.ts'
import { type Ending, failed, raceWithAbort } from './ending.ts'
import { AnswerLimitError } from './errors.ts'
import { type Item, listCalls, readResponseText } from './items.ts'
import { executeTools } from './tool-calls.ts'

/**
 * Executes one run. Calls the context providers, then the model, then the tools that the model calls. Repeats until the model
 * answers without a call or hands off. An incomplete answer is the last one, and its calls are not executed. Fails if the run needs
 * more answers than its limit. `open` is called at the first pull.
 */
export async function* runAgent(open: () => ActiveRun): AsyncGenerator<AgentResponseUpdate, AgentResponse> {
  const run = open()
  const { agent, definition, context, memory, signal, maxAnswers } = run
  const about = { run: context, trace: run.operation.context }
  const items: Item[] = []
  for (let round = 0; round < maxAnswers; round++) {
    for (const provider of definition.parts.chooseProviders(definition.contextProviders ?? [], round))
      await raceWithAbort(provider.beforeRun?.(context), signal)
    await memory.open(definition.client, signal)
    await agent.hooks.call('preReasoning', agent, about)
    const response = yield* askModel(run)
    await agent.hooks.call('postReasoning', agent, { ...about, response })
    memory.addAnswer(response)
    items.push(...(response.output as Item[]))
    const calls = listCalls(response.output)
    const ended = { text: readResponseText(response), usage: run.usage, response, items }
    if (response.status === 'incomplete') return { status: 'incomplete', ...ended }
    if (calls.length === 0) return { status: 'completed', ...ended }
    const outputs = await executeTools(run, calls)
    memory.addItems(outputs)
    items.push(...outputs)
    const handoff = findHandoff(run, calls)
    if (handoff !== undefined) return { status: 'completed', ...ended, handoff }
  }
  throw new AnswerLimitError(maxAnswers)
}

/** Returns the target of the first handoff among the calls. */
function findHandoff({ tools }: ActiveRun, calls: readonly ResponseFunctionToolCall[]): string | undefined {
  return calls.map(({ name }) => tools.get(name)?.handoffTo).find((to) => to !== undefined)
}

/** Ends a run after its stream hooks: updates the session, calls `afterRun`, then ends the span. Returns the final ending. */
export async function settleRun(
  run: ActiveRun,
  ending: Ending<AgentResponse>,
): Promise<Ending<AgentResponse>> {
  updateSession(run, ending)
  let last = ending
  try {
    await run.definition.parts.callAfterRun(() => callAfterRun(run, ending))
  } catch (error) {
    if (ending.kind === 'completed') {
      last = failed(error)
      updateSession(run, last)
    }
  }
  run.operation.end(last)
  return last
}

function updateSession({ definition, context, memory }: ActiveRun, ending: Ending<unknown>): void {
  if (context.session) context.session.state = definition.parts.rememberState(memory, ending)
}

/** Calls `afterRun` of the context providers, in the reverse order of `beforeRun`. */
async function callAfterRun(
  { definition, context }: ActiveRun,
  ending: Ending<AgentResponse>,
): Promise<void> {
  const response = definition.parts.chooseAfterRunResponse(ending)
  if (response === undefined) return
  for (const provider of (definition.contextProviders ?? []).toReversed())
    await provider.afterRun?.(context, response)
}
