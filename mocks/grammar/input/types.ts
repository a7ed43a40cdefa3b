import type { JsonObject } from '../../json.ts'

/** How the service refuses a request: before any stream event, with a JSON error body of exactly these four fields. */
export interface Refusal {
  /** HTTP status. */
  status: number
  type: string
  code: string | null
  param: string | null
  message: string
  /** Id of the rule that refuses. */
  rule: string
  /** Fields whose value nobody has recorded or reported: do not assert them. */
  unknown?: readonly ('code' | 'param')[]
}

/** What the service knows of an item by its id. */
export interface KnownItem {
  item: JsonObject
  /** Whether the response that holds it was stored. */
  stored: boolean
  /** Id of the reasoning item that stood directly before it in the same response's output. */
  reasoning?: string
}

/** One request's input beside everything that the service sees with it. */
export interface InputContext {
  /** Items behind `previous_response_id` or in the conversation object, oldest first, input and output alike. */
  chain: readonly JsonObject[]
  /** The request's own input items. */
  input: readonly JsonObject[]
  /** What is known of an item id; undefined: no such item was seen. */
  lookup(id: string): KnownItem | undefined
  /**
   * Whether `chain` and `lookup` tell everything. Where they come from a recording they may not,
   * and then no refusal may rest on something being absent.
   */
  complete: boolean
  /**
   * Whether calls of every kind must be answered. By default only those kinds whose refusal somebody has seen:
   * function_call and custom_tool_call (SERVICE-FACTS, Unknown 2).
   */
  everyKind?: boolean
  /**
   * Whether reasoning that is sent with its id may be followed by a call that is sent without one. By default it may:
   * the one recorded refusal is of a message without id, and the AI SDK sends such calls (SERVICE-FACTS 3).
   */
  callIdsNeeded?: boolean
  /** Whether an `encrypted_content` was made by this service and for this organisation; absent: not checked. */
  verifies?(encrypted: string): boolean
}

/** A reason for refusing an input; `source` tells where the refusal was seen. */
export interface InputRule {
  id: string
  /** One sentence: what holds of every accepted input. */
  statement: string
  source: string
  refuses(context: InputContext): Omit<Refusal, 'rule'> | undefined
}

/** A 400 about the input as a whole: the form of most refusals. */
export function badInput(message: string): Omit<Refusal, 'rule'> {
  return { status: 400, type: 'invalid_request_error', code: null, param: 'input', message }
}
