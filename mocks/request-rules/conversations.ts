import type { JsonObject } from '../json.ts'
import type { History } from './known.ts'
import { defineRule, type RequestRule } from './rule.ts'

/** The conversation that a request names in its body or in its path. */
export interface ConversationRequest {
  conversationId: string | undefined
  history: History
}

export const conversationNotFound = defineRule<ConversationRequest>({
  id: 'conversation-not-found',
  statement: 'The conversation that a request names exists',
  source: 'SERVICE-FACTS 4: recorded (ms-agent-framework conversations, unknown and deleted id)',
  status: 404,
  message: "Conversation with id '{id}' not found.",
  findBreach({ conversationId, history }) {
    if (conversationId === undefined) return undefined
    const known = history.findConversation(conversationId)
    const isThere = known ? !known.isDeleted : !history.isComplete
    return isThere ? undefined : { id: conversationId }
  },
})

export const conversationLocked = defineRule<{ isLocked: boolean }>({
  id: 'conversation-locked',
  statement: 'No other response is being made in the conversation that a request names',
  source:
    'SERVICE-FACTS 4: paulgmiller/careme#379; openai-agents 0.24 (Python) retries on this code with status 400',
  code: 'conversation_locked',
  param: 'conversation',
  message: 'Another process is currently operating on this conversation. Please retry in a few seconds.',
  findBreach: ({ isLocked }) => (isLocked ? {} : undefined),
})

export const conversationItemNotFound = defineRule<{ itemId: string; items: readonly JsonObject[] }>({
  id: 'conversation-item-not-found',
  statement: 'The item that a path names is in the conversation',
  source: 'SERVICE-FACTS 12: recorded (ms-agent-framework unknown item)',
  status: 404,
  message: "Item with id '{id}' not found in conversation.",
  findBreach: ({ itemId, items }) => (items.some(({ id }) => id === itemId) ? undefined : { id: itemId }),
})

export const conversationRules: readonly RequestRule<never>[] = [
  conversationNotFound,
  conversationLocked,
  conversationItemNotFound,
]
