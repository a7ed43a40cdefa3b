import type { Response, ResponseOutputItem, ResponseStreamEvent } from 'openai/resources/responses/responses'
import type { AgentResponseUpdate } from './agent-response.ts'
import { completed, type Ending, endingOf, stopped } from './ending.ts'
import { textOf } from './items.ts'
import type { Ask } from './parts/answers.ts'
import type { RunScope } from './run-scope.ts'
import { toolParam } from './tools.ts'

/**
 * Asks the model once: gives its answer's updates, then the response, whole or incomplete. Throws what the client throws,
 * and for an answer that failed or whose stream ended without a terminal event.
 */
export async function* chat(run: RunScope): AsyncGenerator<AgentResponseUpdate, Response> {
  const { parts } = run.definition
  const body = parts.request(run)
  const operation = run.telemetry.chat(run, body)
  // Where the generator is closed from outside, nothing else sets it.
  let ending: Ending<Response> = stopped(undefined)
  try {
    const response = parts.accepted(yield* run.stream ? streamed(run, body) : whole(run, body))
    parts.count(run.usage, response)
    ending = completed(response)
    return response
  } catch (error) {
    ending = endingOf(error, run.signal)
    throw error
  } finally {
    operation.end(ending)
  }
}

export type ChatRequest = ReturnType<typeof requestOf>

/** What a request says by the agent's definition and the session's memory. */
export function requestOf({ definition, context, memory, store, tools }: RunScope) {
  return {
    model: definition.model,
    instructions: [definition.instructions, ...context.instructions].join('\n'),
    tools: [...tools.values()].map(toolParam),
    store,
    // Without the service's store, reasoning can only be carried encrypted.
    ...(store ? {} : { include: ['reasoning.encrypted_content' as const] }),
    ...definition.settings,
    ...memory.request(),
  }
}

async function* streamed(run: RunScope, body: ChatRequest): AsyncGenerator<AgentResponseUpdate, Response> {
  const { definition, signal } = run
  const { parts, client } = definition
  const output: ResponseOutputItem[] = []
  let begun: Response | undefined
  let last: Response | undefined
  const ask: Ask = (options) => client.responses.create({ ...body, stream: true }, { signal, ...options })
  // Also what follows the terminal event is read, so that the connection is not cut.
  for await (const event of await parts.events(ask, run, body)) {
    const update = parts.update(event)
    if (update !== undefined) yield parts.delivered(run, update)
    if (update?.type === 'item') output.push(update.item)
    else if (event.type === 'response.created') begun = event.response
    else if (isTerminal(event)) last = event.response
  }
  last ??= parts.unended(begun, output)
  // Some servers end their streams with an empty output.
  return last.output.length > 0 ? last : { ...last, output }
}

async function* whole(run: RunScope, body: ChatRequest): AsyncGenerator<AgentResponseUpdate, Response> {
  const { definition, signal } = run
  const response = await definition.client.responses.create({ ...body, stream: false }, { signal })
  for (const item of response.output) {
    const text = textOf(item)
    if (text !== '') yield definition.parts.delivered(run, { type: 'text', text })
    yield definition.parts.delivered(run, { type: 'item', item })
  }
  return response
}

export function updateOf(event: ResponseStreamEvent): AgentResponseUpdate | undefined {
  switch (event.type) {
    case 'response.output_text.delta':
    case 'response.refusal.delta':
      return { type: 'text', text: event.delta }
    case 'response.output_item.done':
      return { type: 'item', item: event.item }
    default:
      return undefined
  }
}

function isTerminal(event: ResponseStreamEvent) {
  return (
    event.type === 'response.completed' ||
    event.type === 'response.incomplete' ||
    event.type === 'response.failed'
  )
}
