import type { RefusalRule } from './refusal.ts'

const type = 'invalid_request_error'

/** SERVICE-FACTS 1: what may be named as previous_response_id. */
export const previousNotFound: RefusalRule = {
  rule: 'previous-response-not-found',
  status: 400,
  type,
  code: 'previous_response_not_found',
  param: 'previous_response_id',
  message: "Previous response with id '{id}' not found.",
  source:
    'SERVICE-FACTS 1: unknown id recorded (rig nonexistent_previous_response_reference); store:false bigduu/Bamboo-agent#513; expired agno-agi/agno#9261; running foreground openai/openai-ruby#214; deleted: a guess',
}

export const mutuallyExclusive: RefusalRule = {
  rule: 'conversation-or-previous-response',
  status: 400,
  type,
  code: 'mutually_exclusive_parameters',
  param: null,
  message:
    "Mutually exclusive parameters: ''. Ensure you are only providing one of: 'previous_response_id' or 'conversation'.",
  source: 'SERVICE-FACTS 1: recorded (ms-agent-framework mutual_exclusive_error)',
}

export const zeroDataRetention: RefusalRule = {
  rule: 'no-chain-under-zero-data-retention',
  status: 400,
  type,
  code: null,
  param: null,
  message: 'Previous response cannot be used for this organization due to Zero Data Retention.',
  source: 'SERVICE-FACTS 1: can1357/oh-my-pi#2341, microsoft/vscode#317158; code and param unknown',
}

export const section1 = [previousNotFound, mutuallyExclusive, zeroDataRetention]
