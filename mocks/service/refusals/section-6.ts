import type { RefusalRule } from './refusal.ts'

const type = 'invalid_request_error'
const param = '{param}'

/** SERVICE-FACTS 6 (and 3, for missing and unknown fields): what is wrong with a request by itself. */
export const invalidApiKey: RefusalRule = {
  rule: 'api-key-valid',
  status: 401,
  type,
  code: 'invalid_api_key',
  param: null,
  message: 'Incorrect API key provided.',
  headers: { 'www-authenticate': 'Bearer realm="OpenAI API"' },
  source: 'SERVICE-FACTS 6: recorded (braintrust-rb)',
}

export const invalidJson: RefusalRule = {
  rule: 'body-is-json',
  status: 400,
  type,
  code: 'invalid_json',
  param: null,
  message: 'Invalid body: failed to parse JSON value. Please check the value to ensure it is valid JSON.',
  source: 'SERVICE-FACTS 6: recorded (ms-agent-framework); for JSON that is no object a guess',
}

export const unknownRoute: RefusalRule = {
  rule: 'route-known',
  status: 404,
  type,
  code: null,
  param: null,
  message: 'Invalid URL ({method} {path})',
  source: 'Not in SERVICE-FACTS: the shape of every error (GRAMMAR J60) with the status of its recorded 404s',
}

export const missingParameter: RefusalRule = {
  rule: 'parameter-present',
  status: 400,
  type,
  code: 'missing_required_parameter',
  param,
  message: "Missing required parameter: '{param}'.",
  source: 'SERVICE-FACTS 3: openai/codex#6934, AAswordman/Operit#797',
}

export const unknownParameter: RefusalRule = {
  rule: 'parameter-known',
  status: 400,
  type,
  code: 'unknown_parameter',
  param,
  message: "Unknown parameter: '{param}'.",
  source: 'SERVICE-FACTS 3: openai/openai-python#3008',
}

export const invalidType: RefusalRule = {
  rule: 'parameter-type',
  status: 400,
  type,
  code: 'invalid_type',
  param,
  message: "Invalid type for '{param}': expected {expected}, but got {found} instead.",
  source: 'Not in SERVICE-FACTS: the family of its recorded invalid_value and unknown_parameter',
}

export const invalidValue: RefusalRule = {
  rule: 'parameter-value',
  status: 400,
  type,
  code: 'invalid_value',
  param,
  message: "Invalid value: '{found}'. Supported values are: {values}.",
  source: 'SERVICE-FACTS 6: the code is recorded (pydantic-ai, file data)',
}

const range = (
  kind: 'decimal' | 'integer',
  side: 'below_min' | 'above_max',
  words: string,
  sign: string,
  source: string,
): RefusalRule => ({
  rule: `${kind}-${side.replace('_', '-')}`,
  status: 400,
  type,
  code: `${kind}_${side}_value`,
  param,
  message: `Invalid '{param}': ${kind} ${words} value. Expected a value ${sign} {bound}, but got {found} instead.`,
  source,
})

const FAMILY =
  'SERVICE-FACTS 6: the family of the recorded decimal_below_min_value and integer_above_max_value'

export const numberTooSmall = {
  decimal: range(
    'decimal',
    'below_min',
    'below minimum',
    '>=',
    'SERVICE-FACTS 6: recorded (pydantic-ai, temperature)',
  ),
  integer: range('integer', 'below_min', 'below minimum', '>=', FAMILY),
}

export const numberTooBig = {
  decimal: range('decimal', 'above_max', 'above maximum', '<=', FAMILY),
  integer: range(
    'integer',
    'above_max',
    'above maximum',
    '<=',
    'SERVICE-FACTS 6: recorded (ms-agent-framework, limit)',
  ),
}

export const stringTooLong: RefusalRule = {
  rule: 'string-above-max-length',
  status: 400,
  type,
  code: 'string_above_max_length',
  param,
  message: "Invalid '{param}': string too long. Expected a string with maximum length {bound}.",
  source: FAMILY,
}

export const arrayTooLong: RefusalRule = {
  rule: 'array-above-max-length',
  status: 400,
  type,
  code: 'array_above_max_length',
  param,
  message: "Invalid '{param}': array too long. Expected an array with maximum length {bound}.",
  source: 'SERVICE-FACTS 12: at most 20 items of a conversation, reference; the code after the family of 6',
}

export const noInput: RefusalRule = {
  rule: 'input-given',
  status: 400,
  type,
  code: 'missing_required_parameter',
  param: 'input',
  message: "Missing required parameter: 'input'.",
  source: 'SERVICE-FACTS, Unknown 9: the text is not known; the code as for every missing parameter',
}

export const modelNotFound: RefusalRule = {
  rule: 'model-exists',
  status: 400,
  type,
  code: 'model_not_found',
  param: 'model',
  message: "The requested model '{model}' does not exist.",
  source: 'SERVICE-FACTS 6: recorded (rig, dd-trace-py)',
}

export const invalidJsonSchema: RefusalRule = {
  rule: 'text-format-schema-strict',
  status: 400,
  type,
  code: 'invalid_json_schema',
  param: 'text.format.schema',
  message: "Invalid schema for response_format '{name}': {breach}",
  source: 'SERVICE-FACTS 6: recorded (dd-trace-js)',
}

export const invalidFunctionParameters: RefusalRule = {
  rule: 'function-parameters-strict',
  status: 400,
  type,
  code: 'invalid_function_parameters',
  param: 'tools[{index}].parameters',
  message: "Invalid schema for function '{name}': {breach}",
  source: 'SERVICE-FACTS 6: recorded (mirascope)',
}

export const unsupportedEffort: RefusalRule = {
  rule: 'model-supports-effort',
  status: 400,
  type,
  code: 'unsupported_value',
  param: 'reasoning.effort',
  message:
    "Unsupported value: '{effort}' is not supported with the '{model}' model. Supported values are: {values}.",
  source: 'SERVICE-FACTS 6: recorded (mirascope)',
}

export const unsupportedTemperature: RefusalRule = {
  rule: 'model-supports-temperature',
  status: 400,
  type,
  code: null,
  param: 'temperature',
  message: "Unsupported parameter: 'temperature' is not supported with this model.",
  source: 'SERVICE-FACTS 6: recorded (vercel)',
}

export const unsupportedEncryption: RefusalRule = {
  rule: 'model-supports-encrypted-reasoning',
  status: 400,
  type,
  code: null,
  param: 'include',
  message: 'Encrypted content is not supported with this model.',
  source: 'SERVICE-FACTS 3: OpenHands/software-agent-sdk#1208; code and param unknown',
}

export const contextLengthExceeded: RefusalRule = {
  rule: 'context-fits-the-model',
  status: 400,
  type,
  code: 'context_length_exceeded',
  param: 'input',
  message: 'Your input exceeds the context window of this model. Please adjust your input and try again.',
  source: 'SERVICE-FACTS 6, 9: recorded (ruby_llm)',
}

export const toolChoiceAbsent: RefusalRule = {
  rule: 'tool-choice-names-a-tool',
  status: 400,
  type,
  code: null,
  param: 'tool_choice',
  message: "Tool choice '{name}' not found in 'tools' parameter.",
  source: 'SERVICE-FACTS, Unknown 9: whether and how it is refused is not known, hence an option',
}

export const section6: readonly RefusalRule[] = [
  ...[
    invalidApiKey,
    invalidJson,
    unknownRoute,
    missingParameter,
    unknownParameter,
    invalidType,
    invalidValue,
  ],
  ...[...Object.values(numberTooSmall), ...Object.values(numberTooBig), stringTooLong, arrayTooLong, noInput],
  ...[modelNotFound, invalidJsonSchema, invalidFunctionParameters, unsupportedEffort, unsupportedTemperature],
  ...[unsupportedEncryption, contextLengthExceeded, toolChoiceAbsent],
]
