import type { RefusalRule } from './refusal.ts'

const type = 'invalid_request_error'

/** SERVICE-FACTS 8: cancel, delete, retrieve. */
export const responseNotFound: RefusalRule = {
  rule: 'response-not-found',
  status: 404,
  type,
  code: null,
  param: null,
  message: "Response with id '{id}' not found.",
  source:
    'SERVICE-FACTS 8: recorded (openai-dotnet GetAndDeleteResponse, CanOptOutOfStorage); running foreground: Azure contract S7, B16',
}

export const responseDeleted: RefusalRule = {
  rule: 'response-deleted',
  status: 400,
  type,
  code: null,
  param: null,
  message: "Response with id '{id}' has been deleted.",
  source: 'SERVICE-FACTS 8: Azure contract; OpenAI answers 404, hence an option',
}

export const cancelSynchronous: RefusalRule = {
  rule: 'cancel-background-only',
  status: 400,
  type,
  code: null,
  param: null,
  message: 'Cannot cancel a synchronous response.',
  source: 'SERVICE-FACTS 8: ADR-0009 of microsoft/agent-framework, Azure contract, copied by vLLM',
}

export const cancelCompleted: RefusalRule = {
  rule: 'cancel-running-only',
  status: 400,
  type,
  code: null,
  param: null,
  message: 'Cannot cancel a completed response.',
  source: 'SERVICE-FACTS 8: ADR-0009 (streamed), Azure contract (always): conflicting, hence an option',
}

export const deleteRunning: RefusalRule = {
  rule: 'delete-ended-only',
  status: 400,
  type,
  code: null,
  param: null,
  message: 'Cannot delete an in-flight response.',
  source: 'SERVICE-FACTS 8: Azure contract; of OpenAI unknown, hence an option',
}

export const backgroundUnstored: RefusalRule = {
  rule: 'background-is-stored',
  status: 400,
  type,
  code: 'unsupported_parameter',
  param: 'background',
  message: "Unsupported parameter: 'background' requires 'store' to be true.",
  source: 'SERVICE-FACTS 8: Azure contract B13; OpenAI’s guide lets it pass, hence an option',
}

export const section8 = [
  ...[
    responseNotFound,
    responseDeleted,
    cancelSynchronous,
    cancelCompleted,
    deleteRunning,
    backgroundUnstored,
  ],
]
