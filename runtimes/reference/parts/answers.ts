import type { Response, ResponseOutputItem, ResponseStreamEvent } from 'openai/resources/responses/responses'
import type { AgentResponseUpdate, UsageDetails } from '../agent-response.ts'
import { addUsage, usageOf } from '../agent-response.ts'
import { buildRequest, type ChatRequest } from '../chat-request.ts'
import { ResponseFailedError, StreamCutError } from '../errors.ts'
import type { RunScope } from '../run-scope.ts'

/** Sends the request; by default with the run's signal and the client's retries. */
export type Ask = (options?: {
  signal?: AbortSignal | null
  maxRetries?: number
}) => Promise<AsyncIterable<ResponseStreamEvent>>

/** What is asked of the model, and what is made of its answers. */
export interface AnswerParts {
  /** What a request says. */
  request(run: RunScope): ChatRequest
  /** The events of one streamed answer. A request may be repeated by the client before its first event, never after. */
  events(ask: Ask, run: RunScope, request: ChatRequest): Promise<AsyncIterable<ResponseStreamEvent>>
  /** The update that an event gives; most give none. */
  update(event: ResponseStreamEvent): AgentResponseUpdate | undefined
  /** What an answer is whose stream ended without a terminal event, by the response it began with and its whole items. */
  unended(begun: Response | undefined, output: ResponseOutputItem[]): Response
  /** The answer as the run takes it; throws where it is none. */
  accepted(response: Response): Response
  /** What is delivered of an update. */
  delivered(run: RunScope, update: AgentResponseUpdate): AgentResponseUpdate
  /** Where a run's tokens are counted. */
  usage(): UsageDetails
  /** Counts the tokens of an answer. */
  count(total: UsageDetails, response: Response): void
}

export const soundAnswers: AnswerParts = {
  request: buildRequest,
  events: (ask) => ask(),
  update: readUpdate,
  unended() {
    throw new StreamCutError()
  },
  accepted(response) {
    if (response.status === 'failed' || response.status === 'cancelled')
      throw new ResponseFailedError(response)
    return response
  },
  delivered: (_, update) => update,
  usage: () => ({ inputTokens: 0, outputTokens: 0 }),
  count: (total, response) => addUsage(total, usageOf(response)),
}

function readUpdate(event: ResponseStreamEvent): AgentResponseUpdate | undefined {
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
