import { isObject, type Json, type JsonObject, listObjects } from '../../json.ts'
import { CALL_KINDS } from '../../request-rules/calls.ts'

/** Input of the user for a response that is being made (SERVICE-FACTS 14). */
export interface Steer {
  id: string
  input: JsonObject[]
}

/** Why input for a running response is refused. Other codes of the API are never needed here. */
export type SteerError =
  | 'response_not_found'
  | 'response_already_completed'
  | 'invalid_input'
  | 'steering_not_supported'
  | 'successor_creation_failed'

const MESSAGES: Readonly<Record<SteerError, string>> = {
  response_not_found: 'No response with this id is being made on this connection.',
  response_already_completed: 'The response has already ended.',
  invalid_input: 'response.steer supports only user messages.',
  steering_not_supported: 'Steering is not supported for a response with a conversation or with compaction.',
  successor_creation_failed: 'The response failed, so no successor was created.',
}

/** Returns the messages of the user in a steering input, or undefined if it has anything else, or nothing. */
export function readSteerInput(input: Json | undefined): JsonObject[] | undefined {
  if (typeof input === 'string')
    return input === '' ? undefined : [{ type: 'message', role: 'user', content: input }]
  if (!Array.isArray(input) || input.length === 0) return undefined
  const isMessage = (item: Json) =>
    isObject(item) && item['role'] === 'user' && (item['type'] ?? 'message') === 'message'
  return input.every(isMessage) ? (input as JsonObject[]) : undefined
}

/** Returns whether responses with this body can be steered. */
export function canBeSteered(body: JsonObject): boolean {
  const hasConversation = (body['conversation'] ?? null) !== null
  return !hasConversation && listObjects(body['context_management']).length === 0
}

/** Returns what the client must send before a response with this output can go on. */
export function listRequiredInput(output: readonly JsonObject[]): JsonObject[] {
  return output.flatMap((item): JsonObject[] => {
    const { type, call_id: callId, name, id, execution } = item
    if (type === 'mcp_approval_request')
      return [{ type: 'mcp_approval_response', approval_request_id: id ?? null }]
    if (type === 'tool_search_call')
      return execution === 'client' ? [{ type: 'tool_search_output', call_id: callId ?? null }] : []
    const kind = typeof type === 'string' ? CALL_KINDS.get(type) : undefined
    if (kind === undefined) return []
    const named = type === 'function_call' ? { name: name ?? null } : {}
    return [{ type: kind.output, call_id: callId ?? null, ...named }]
  })
}

export function buildSteerAccepted({ id }: Steer, previousId: string): JsonObject {
  return { type: 'response.steer.accepted', steer: { id, previous_response_id: previousId } }
}

export function buildSteerPending({ id }: Steer, previousId: string, required: JsonObject[]): JsonObject {
  return {
    type: 'response.steer.pending',
    reason: 'waiting_for_required_input',
    required_input: required,
    steer: { id, previous_response_id: previousId },
  }
}

export function buildSteerFailed(code: SteerError, previousId: Json, input: Json, id?: string): JsonObject {
  return {
    type: 'response.steer.failed',
    error: { type: 'invalid_request_error', code, message: MESSAGES[code] },
    steer: { previous_response_id: previousId, input, ...(id === undefined ? {} : { id }) },
  }
}
