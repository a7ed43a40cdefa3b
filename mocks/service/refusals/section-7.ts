import type { RefusalRule } from './refusal.ts'

const type = 'invalid_request_error'

/** SERVICE-FACTS 7: stream resume. */
export const resumeForeground: RefusalRule = {
  rule: 'resume-background-only',
  status: 400,
  type,
  code: 'invalid_request_error',
  param: 'stream',
  message: 'This response cannot be streamed because it was not created with background=true.',
  source:
    'SERVICE-FACTS 7: Azure contract (code null); openai/openai-python#2579 shows code invalid_request_error',
}

export const resumeUnstreamed: RefusalRule = {
  rule: 'resume-streamed-only',
  status: 400,
  type,
  code: null,
  param: 'stream',
  message: 'This response cannot be streamed because it was not created with stream=true.',
  source: 'SERVICE-FACTS 7: Azure/azure-sdk-for-python agentserver; of OpenAI unknown, hence an option',
}

export const resumeTooOld: RefusalRule = {
  rule: 'resume-within-five-minutes',
  status: 400,
  type,
  code: null,
  param: 'stream',
  message: 'This response can no longer be streamed because it is more than 5 minutes old.',
  source: 'SERVICE-FACTS 7: openai/openai-python#2828, ADR-0009',
}

export const resumePastEnd: RefusalRule = {
  rule: 'resume-before-the-end',
  status: 400,
  type,
  code: 'invalid_value',
  param: 'starting_after',
  message: "Invalid 'starting_after': no event follows sequence number {number}.",
  source:
    'SERVICE-FACTS, Unknown 8: of OpenAI nothing is known; Azure sends an empty stream, hence an option',
}

export const section7 = [resumeForeground, resumeUnstreamed, resumeTooOld, resumePastEnd]
