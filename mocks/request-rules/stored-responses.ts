import type { FactOptions } from '../service/options.ts'
import type { History } from './known.ts'
import { defineRule, type RequestRule } from './rule.ts'

/** A request for a response by the id in its path. */
export interface ResponseRequest {
  responseId: string
  history: History
}

/** Only under the option `deletedResponse`. */
export const responseDeleted = defineRule<ResponseRequest & { options: FactOptions }>({
  id: 'response-deleted',
  statement: 'The response that a path names is not deleted',
  source: 'SERVICE-FACTS 8: Azure contract; OpenAI answers 404, hence an option',
  message: "Response with id '{id}' has been deleted.",
  findBreach: ({ responseId, history, options }) =>
    options.deletedResponse === 'deleted' && history.findResponse(responseId)?.isDeleted
      ? { id: responseId }
      : undefined,
})

export const responseNotFound = defineRule<ResponseRequest>({
  id: 'response-not-found',
  statement: 'The response that a path names is stored',
  source:
    'SERVICE-FACTS 8: recorded (openai-dotnet GetAndDeleteResponse, CanOptOutOfStorage); running foreground: Azure contract S7, B16',
  status: 404,
  message: "Response with id '{id}' not found.",
  findBreach({ responseId, history }) {
    const known = history.findResponse(responseId)
    return (known ? known.canFetch : !history.isComplete) ? undefined : { id: responseId }
  },
})

/** A stored response that a request cancels or deletes. */
export interface EndRequest {
  status: string | undefined
  /** How a background response was created. Undefined for a foreground response. */
  background: { streamed: boolean } | undefined
  options: FactOptions
}

/** Returns whether a response with this status is still being made. */
export function isRunning(status: string | undefined): boolean {
  return status === 'queued' || status === 'in_progress'
}

const cancelBackgroundOnly = defineRule<EndRequest>({
  id: 'cancel-background-only',
  statement: 'Only a background response is cancelled',
  source: 'SERVICE-FACTS 8: ADR-0009 of microsoft/agent-framework, Azure contract, copied by vLLM',
  message: 'Cannot cancel a synchronous response.',
  findBreach: ({ background }) => (background === undefined ? {} : undefined),
})

const cancelRunningOnly = defineRule<EndRequest>({
  id: 'cancel-running-only',
  statement: 'Only a running or cancelled response is cancelled',
  source: 'SERVICE-FACTS 8: ADR-0009 (streamed), Azure contract (always): conflicting, hence an option',
  message: 'Cannot cancel a completed response.',
  findBreach({ status, background, options }) {
    if (isRunning(status) || status === 'cancelled') return undefined
    const isAccepted = { accept: true, refuse: false, 'by-stream': background?.streamed === false }
    return isAccepted[options.cancelCompleted] ? undefined : {}
  },
})

/** The rules of `POST /responses/{id}/cancel`, in the order in which they are asked. */
export const cancelRules: readonly RequestRule<EndRequest>[] = [cancelBackgroundOnly, cancelRunningOnly]

/** Only under the option `deleteRunning`. */
export const deleteEndedOnly = defineRule<Omit<EndRequest, 'background'>>({
  id: 'delete-ended-only',
  statement: 'Only a response that has ended is deleted',
  source: 'SERVICE-FACTS 8: Azure contract; of OpenAI unknown, hence an option',
  message: 'Cannot delete an in-flight response.',
  findBreach: ({ status, options }) =>
    isRunning(status) && options.deleteRunning === 'refuse' ? {} : undefined,
})

export const storedResponseRules: readonly RequestRule<never>[] = [
  responseDeleted,
  responseNotFound,
  ...cancelRules,
  deleteEndedOnly,
]
