/** An error that an endpoint may answer: status, code, and a pattern of param. A pattern of null means JSON null. */
export type Allowed = readonly [status: number, code: string | null, param: RegExp | null]

/** A place in the body. Below the top, the place may hold the client's own names. */
const PLACE = /^\w+([.[][\s\S]*)?$/
const ANY_PLACE = /^[\s\S]*$/
const BODY: readonly Allowed[] = [
  [400, 'invalid_json', null],
  [400, 'missing_required_parameter', PLACE],
  [400, 'string_above_max_length', /^(input|items)\[\d+\]\.call_id$/],
  [400, 'unknown_parameter', ANY_PLACE],
  [400, 'invalid_type', PLACE],
  [400, 'invalid_value', PLACE],
]
const MODEL: readonly Allowed[] = [
  [400, 'model_not_found', /^model$/],
  // Under an option.
  [404, 'model_not_found', /^model$/],
]
const GROUND: readonly Allowed[] = [
  [400, 'previous_response_not_found', /^previous_response_id$/],
  [400, 'mutually_exclusive_parameters', null],
  [404, null, null],
]
const INPUT: readonly Allowed[] = [
  [400, null, /^input$/],
  [404, null, /^input$/],
  [400, 'invalid_id_prefix', /^input\[\d+\]\.id$/],
  [400, 'invalid_encrypted_content', null],
]
const LIST: readonly Allowed[] = [
  [400, 'integer_above_max_value', /^limit$/],
  [400, 'integer_below_min_value', /^limit$/],
  [400, 'invalid_type', /^limit$/],
  [400, 'invalid_value', /^order$/],
]
const NOT_FOUND: Allowed = [404, null, null]
const METADATA: readonly Allowed[] = [
  [400, 'string_above_max_length', /^metadata\./],
  [400, 'object_above_max_properties', /^metadata$/],
  [400, 'array_above_max_length', /^items$/],
]

/**
 * The refusals that SERVICE-FACTS allows for each endpoint, written by hand. The fuzz checks the service against this
 * table. 200 is always allowed.
 */
export const ALLOWED: Readonly<Record<string, readonly Allowed[]>> = {
  'POST /responses': [
    ...BODY,
    ...MODEL,
    ...GROUND,
    ...INPUT,
    [400, 'conversation_locked', /^conversation$/],
    [400, 'decimal_below_min_value', /^(temperature|top_p)$/],
    [400, 'decimal_above_max_value', /^(temperature|top_p)$/],
    [400, 'integer_below_min_value', /^(max_output_tokens|max_tool_calls|top_logprobs)$/],
    [400, 'integer_above_max_value', /^(max_output_tokens|max_tool_calls|top_logprobs)$/],
    [400, 'string_above_max_length', /^(metadata|prompt_cache_key|text\.format\.name)/],
    [400, 'object_above_max_properties', /^metadata$/],
    // An empty input, and messages in place of an input.
    [400, 'missing_required_parameter', null],
    [400, 'unsupported_parameter', null],
    [400, 'invalid_json_schema', /^text\.format\.schema$/],
    [400, 'invalid_function_parameters', /^tools\[\d+\]\.parameters$/],
    [400, 'unsupported_value', /^reasoning\.effort$/],
    [400, 'context_length_exceeded', /^input$/],
    // These appear only under options: zero data retention, a tool_choice without its tool, background without store.
    [400, null, null],
    [400, null, /^tool_choice$/],
    [400, 'unsupported_parameter', /^background$/],
  ],
  'POST /responses/input_tokens': [...BODY, ...GROUND, ...INPUT, [400, null, null]],
  'POST /responses/compact': [...BODY, ...MODEL, ...GROUND, ...INPUT, [400, null, null]],
  'GET /responses/:id': [
    NOT_FOUND,
    [400, 'invalid_request_error', /^stream$/],
    [400, null, /^stream$/],
    [400, 'invalid_type', /^starting_after$/],
    // These appear only under options: deleted, past the end.
    [400, null, null],
    [400, 'invalid_value', /^starting_after$/],
  ],
  'DELETE /responses/:id': [NOT_FOUND, [400, null, null]],
  'POST /responses/:id/cancel': [NOT_FOUND, [400, null, null], [400, 'invalid_json', null]],
  'GET /responses/:id/input_items': [NOT_FOUND, ...LIST, [400, null, null]],
  'POST /conversations': [...BODY, ...METADATA],
  'GET /conversations/:id': [NOT_FOUND],
  'POST /conversations/:id': [NOT_FOUND, ...BODY, ...METADATA],
  'DELETE /conversations/:id': [NOT_FOUND],
  'POST /conversations/:id/items': [NOT_FOUND, ...BODY, ...METADATA],
  'GET /conversations/:id/items': [NOT_FOUND, ...LIST],
  'GET /conversations/:id/items/:id': [NOT_FOUND],
  'DELETE /conversations/:id/items/:id': [NOT_FOUND],
  'PUT /responses': [NOT_FOUND],
  'POST /responses/:id/unknown': [NOT_FOUND, [400, 'invalid_json', null]],
}
