import type { JsonObject } from '../json.ts'

/** An item that the service knows by its id. */
export interface KnownItem {
  item: JsonObject
  /** Whether the response that holds the item was stored. */
  stored: boolean
  /** Id of the reasoning item directly before this one in the output of the same response. */
  reasoning?: string
}

/** An earlier response, as far as a rule needs it. */
export interface KnownResponse {
  /** Whether `previous_response_id` may name it. */
  canContinue: boolean
  /** Whether GET finds it. */
  canFetch: boolean
  isDeleted: boolean
}

/**
 * The responses and conversations that a request can name. The service fills this from its store and knows everything; the
 * checker of recordings fills it from the earlier exchanges of one file.
 */
export interface History {
  /** Returns undefined for an id that was never seen. */
  findResponse(id: string): KnownResponse | undefined
  findConversation(id: string): { isDeleted: boolean } | undefined
  /** Whether an id that was never seen does not exist. False for a recording, because the file may begin in the middle. */
  isComplete: boolean
}

/** The input items of one request, and the earlier items that the service sees with them. */
export interface InputContext {
  /** Input and output items behind `previous_response_id` or in the conversation object, oldest first. */
  chain: readonly JsonObject[]
  /** The input items of the request. */
  input: readonly JsonObject[]
  /** Returns the item with this id, or undefined if no such item was seen. */
  findItem(id: string): KnownItem | undefined
  /**
   * Whether `chain` is the whole history. A recording may hold only a part; then no rule refuses a request because
   * something is absent.
   */
  isComplete: boolean
  /**
   * Whether `findItem` knows every item of the service. False for a recording, because an item may come from a conversation
   * outside the file.
   */
  knowsEveryItem: boolean
  /**
   * Whether calls of every kind must be answered. If absent, only function_call and custom_tool_call must be: nobody has
   * seen the refusal of another kind (SERVICE-FACTS, Unknown 2).
   */
  needsEveryKindAnswered?: boolean
  /**
   * Whether a call must have its id if it follows a reasoning item that is sent with an id. If absent, the call needs
   * no id: the one recorded refusal is about a message without id, and the AI SDK sends calls without ids (SERVICE-
   * FACTS 3).
   */
  needsCallIds?: boolean
  /**
   * Whether reasoning of a response that was not stored needs the item that followed it. If absent, it does not: the one recorded
   * refusal is about a stored response (SERVICE-FACTS 3).
   */
  needsFollowerUnstored?: boolean
  /** Whether a second output for one call is refused. If absent, it is accepted (SERVICE-FACTS, Unknown 3). */
  refusesSecondOutput?: boolean
  /** Returns whether this service made an `encrypted_content` for this organisation. If absent, nothing is checked. */
  isSealValid?(encrypted: string): boolean
}
