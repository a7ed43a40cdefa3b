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

export const section8 = [responseNotFound]
