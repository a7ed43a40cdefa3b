import type { RefusalRule } from './refusal.ts'

const type = 'invalid_request_error'

/** SERVICE-FACTS 4 and 12: conversation objects. */
export const conversationNotFound: RefusalRule = {
  rule: 'conversation-not-found',
  status: 404,
  type,
  code: null,
  param: null,
  message: "Conversation with id '{id}' not found.",
  source: 'SERVICE-FACTS 4: recorded (ms-agent-framework conversations, unknown and deleted id)',
}

export const conversationLocked: RefusalRule = {
  rule: 'conversation-locked',
  status: 400,
  type,
  code: 'conversation_locked',
  param: 'conversation',
  message: 'Another process is currently operating on this conversation. Please retry in a few seconds.',
  source:
    'SERVICE-FACTS 4: paulgmiller/careme#379; openai-agents 0.24 (Python) retries on this code with status 400',
}

export const conversationItemNotFound: RefusalRule = {
  rule: 'conversation-item-not-found',
  status: 404,
  type,
  code: null,
  param: null,
  message: "Item with id '{id}' not found in conversation.",
  source: 'SERVICE-FACTS 12: recorded (ms-agent-framework unknown item)',
}

export const section4 = [conversationNotFound, conversationLocked, conversationItemNotFound]
