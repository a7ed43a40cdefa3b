import type { Response, ResponseOutputItem, ResponseStreamEvent } from 'openai/resources/responses/responses'
import type { AgentResponseUpdate, UsageDetails } from '../agent-response.ts'
import { addUsage, readUsage } from '../agent-response.ts'
import { buildRequest, type ChatRequest } from '../chat-request.ts'
import { ResponseFailedError, StreamCutError } from '../errors.ts'
import type { RunScope } from '../run-scope.ts'

/** Sends the request and returns its events. By default it uses the run's signal and the client's retries. */
export type Ask = (options?: {
  signal?: AbortSignal | null
  maxRetries?: number
}) => Promise<AsyncIterable<ResponseStreamEvent>>

/** How requests are built and answers are read. */
export interface AnswerParts {
  /** Returns the body of a request. */
  buildRequest(run: RunScope): ChatRequest
  /** Returns the events of one streamed answer. The client may retry the request only before its first event. */
  openEvents(ask: Ask, run: RunScope, request: ChatRequest): Promise<AsyncIterable<ResponseStreamEvent>>
  /** Returns the update for an event. Most events have none. */
  readUpdate(event: ResponseStreamEvent): AgentResponseUpdate | undefined
  /** Handles a stream without a terminal event. `begun` is its first response, `output` its complete items. */
  handleCutStream(begun: Response | undefined, output: ResponseOutputItem[]): Response
  /** Returns the answer. Throws if the answer failed or was cancelled. */
  acceptAnswer(response: Response): Response
  /** Returns the update to deliver to the consumer. */
  prepareUpdate(run: RunScope, update: AgentResponseUpdate): AgentResponseUpdate
  /** Returns the token counter of a run. */
  createUsage(): UsageDetails
  /** Adds the tokens of an answer to the counter. */
  countUsage(total: UsageDetails, response: Response): void
}

export const soundAnswers: AnswerParts = {
  buildRequest,
  openEvents: (ask) => ask(),
  readUpdate,
  handleCutStream() {
    throw new StreamCutError()
  },
  acceptAnswer(response) {
    if (response.status === 'failed' || response.status === 'cancelled')
      throw new ResponseFailedError(response)
    return response
  },
  prepareUpdate: (_, update) => update,
  createUsage: () => ({ inputTokens: 0, outputTokens: 0 }),
  countUsage: (total, response) => addUsage(total, readUsage(response)),
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
