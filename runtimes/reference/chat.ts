import type { Response, ResponseOutputItem, ResponseStreamEvent } from 'openai/resources/responses/responses'
import type { ActiveRun } from './active-run.ts'
import type { AgentResponseUpdate } from './agent-response.ts'
import type { ChatRequest } from './chat-request.ts'
import { buildEnding, completed, type Ending, stopped } from './ending.ts'
import { readItemText } from './items.ts'
import type { Ask } from './parts/answers.ts'

/**
 * Sends one request to the model. Yields the updates of the answer, then returns the response, complete or incomplete.
 * Throws the errors of the client. Also throws if the answer failed, or if its stream ended without a terminal event.
 */
export async function* askModel(run: ActiveRun): AsyncGenerator<AgentResponseUpdate, Response> {
  const { parts } = run.definition
  const body = parts.buildRequest(run)
  const operation = run.telemetry.startChat(run, body)
  // This value stays if the consumer closes the generator early.
  let ending: Ending<Response> = stopped(undefined)
  try {
    const response = parts.acceptAnswer(yield* run.stream ? streamAnswer(run, body) : fetchAnswer(run, body))
    parts.countUsage(run.usage, response)
    ending = completed(response)
    return response
  } catch (error) {
    ending = buildEnding(error, run.signal)
    throw error
  } finally {
    operation.end(ending)
  }
}

async function* streamAnswer(
  run: ActiveRun,
  body: ChatRequest,
): AsyncGenerator<AgentResponseUpdate, Response> {
  const { definition, signal } = run
  const { parts, client } = definition
  const output: ResponseOutputItem[] = []
  let begun: Response | undefined
  let last: Response | undefined
  const ask: Ask = (options) => client.responses.create({ ...body, stream: true }, { signal, ...options })
  // Events after the terminal event are read too, so that the connection closes normally.
  for await (const event of await parts.openEvents(ask, run, body)) {
    const update = parts.readUpdate(event)
    if (update !== undefined) yield parts.prepareUpdate(run, update)
    if (update?.type === 'item') output.push(update.item)
    else if (event.type === 'response.created') begun = event.response
    else if (isTerminal(event)) last = event.response
  }
  last ??= parts.handleCutStream(begun, output)
  // Some servers end their streams with an empty output.
  return last.output.length > 0 ? last : { ...last, output }
}

async function* fetchAnswer(
  run: ActiveRun,
  body: ChatRequest,
): AsyncGenerator<AgentResponseUpdate, Response> {
  const { definition, signal } = run
  const response = await definition.client.responses.create({ ...body, stream: false }, { signal })
  for (const item of response.output) {
    const text = readItemText(item)
    if (text !== '') yield definition.parts.prepareUpdate(run, { type: 'text', text })
    yield definition.parts.prepareUpdate(run, { type: 'item', item })
  }
  return response
}

function isTerminal(event: ResponseStreamEvent) {
  return (
    event.type === 'response.completed' ||
    event.type === 'response.incomplete' ||
    event.type === 'response.failed'
  )
}
