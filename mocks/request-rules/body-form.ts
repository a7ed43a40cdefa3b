import type { z } from 'zod'
import type { Json } from '../json.ts'
import { type FormIssue, type FormIssueKind, type NumberKind, readIssue } from './form-issue.ts'
import { defineRule, findRefusal, type Refusal, type RequestRule } from './rule.ts'

const FAMILY =
  'SERVICE-FACTS 6: the family of the recorded decimal_below_min_value and integer_above_max_value'
const buildTooSmallMessage = (kind: NumberKind) =>
  `Invalid '{param}': ${kind} below minimum value. Expected a value >= {bound}, but got {found} instead.`
const buildTooBigMessage = (kind: NumberKind) =>
  `Invalid '{param}': ${kind} above maximum value. Expected a value <= {bound}, but got {found} instead.`

type FormFields = Pick<RequestRule<FormIssue>, 'id' | 'statement' | 'code' | 'message' | 'source'> &
  Partial<Pick<RequestRule<FormIssue>, 'param'>>

const FORM_RULES: Readonly<Record<FormIssueKind, FormFields>> = {
  missing: {
    id: 'parameter-present',
    statement: 'A body has every parameter that it must have',
    code: 'missing_required_parameter',
    message: "Missing required parameter: '{param}'.",
    source: 'SERVICE-FACTS 3: openai/codex#6934, AAswordman/Operit#797',
  },
  unknown: {
    id: 'parameter-known',
    statement: 'A body has no parameter that the API does not know',
    code: 'unknown_parameter',
    message: "Unknown parameter: '{param}'.{hint}",
    source: 'SERVICE-FACTS 3: openai/openai-python#3008; the hint: SERVICE-FACTS 15c',
  },
  moved: {
    id: 'parameter-moved',
    statement: 'A body has input and not messages, which chat completions have',
    code: 'unsupported_parameter',
    param: null,
    message:
      "Unsupported parameter: 'messages'. In the Responses API, this parameter has moved to 'input'. Try again with the new parameter. See the API documentation for more information: https://platform.openai.com/docs/api-reference/responses/create.",
    source: 'SERVICE-FACTS 15c: published probe (ADAPTER)',
  },
  'wrong-type': {
    id: 'parameter-type',
    statement: 'Every parameter has its type',
    code: 'invalid_type',
    message: "Invalid type for '{param}': expected {expected}, but got {found} instead.",
    source: 'Not in SERVICE-FACTS: the family of its recorded invalid_value and unknown_parameter',
  },
  'wrong-value': {
    id: 'parameter-value',
    statement: 'A parameter with a list of values has one of them',
    code: 'invalid_value',
    message: "Invalid value: '{found}'. Supported values are: {values}.",
    source: 'SERVICE-FACTS 6: the code is recorded (pydantic-ai, file data); SERVICE-FACTS 15a, 15c',
  },
  'decimal-too-small': {
    id: 'decimal-below-min',
    statement: 'A decimal is not below its minimum',
    code: 'decimal_below_min_value',
    message: buildTooSmallMessage('decimal'),
    source: 'SERVICE-FACTS 6: recorded (pydantic-ai, temperature)',
  },
  'integer-too-small': {
    id: 'integer-below-min',
    statement: 'An integer is not below its minimum',
    code: 'integer_below_min_value',
    message: buildTooSmallMessage('integer'),
    source: FAMILY,
  },
  'decimal-too-big': {
    id: 'decimal-above-max',
    statement: 'A decimal is not above its maximum',
    code: 'decimal_above_max_value',
    message: buildTooBigMessage('decimal'),
    source: FAMILY,
  },
  'integer-too-big': {
    id: 'integer-above-max',
    statement: 'An integer is not above its maximum',
    code: 'integer_above_max_value',
    message: buildTooBigMessage('integer'),
    source: 'SERVICE-FACTS 6: recorded (ms-agent-framework, limit)',
  },
  'string-too-long': {
    id: 'string-above-max-length',
    statement: 'A string is not longer than its maximum length',
    code: 'string_above_max_length',
    message:
      "Invalid '{param}': string too long. Expected a string with maximum length {bound}, but got a string with length {found} instead.",
    source:
      'SERVICE-FACTS 15a, 15c: orchidfiles/ungate#26, theopenco/llmgateway#3110, spiceai/spiceai#5357, VectorlyApp/bluebox#31',
  },
  'string-not-matching': {
    id: 'string-matches-pattern',
    statement: 'A name or an id consists of the characters that its parameter allows',
    code: 'invalid_value',
    message:
      "Invalid '{param}': string does not match pattern. Expected a string that matches the pattern '{pattern}'.",
    source:
      'SERVICE-FACTS 15a: justrach/codegraff#930, openai/openai-dotnet#441 (tools); openai/openai-support-agent-demo#1 (vector stores); text.format.name from public logs, its code a guess',
  },
  'object-too-big': {
    id: 'object-above-max-properties',
    statement: 'An object does not have more properties than its maximum',
    code: 'object_above_max_properties',
    message:
      "Invalid '{param}': too many properties. Expected an object with at most {bound} properties, but got an object with {found} properties instead.",
    source: 'SERVICE-FACTS 15c: published probe (ADAPTER)',
  },
  'bad-image': {
    id: 'image-url-readable',
    statement: 'The image_url of an image is an address or a base64-encoded data URL that is not empty',
    code: 'invalid_value',
    message:
      "Invalid '{param}'. Expected a base64-encoded data URL with an image MIME type (e.g. 'data:image/png;base64,aW1nIGJ5dGVzIGhlcmU='), but got {found}.",
    source: 'SERVICE-FACTS 15a: anomalyco/opencode#23983, openai/codex#32287; code: openai/codex#24169',
  },
  'array-too-long': {
    id: 'array-above-max-length',
    statement: 'An array is not longer than its maximum length',
    code: 'array_above_max_length',
    message:
      "Invalid '{param}': array too long. Expected an array with maximum length {bound}, but got an array with length {found} instead.",
    source: 'SERVICE-FACTS 12: at most 20 items of a conversation, reference; the code after the family of 6',
  },
}

/** The rules about the form of a body: one for each kind of issue. */
export const bodyFormRules: readonly RequestRule<FormIssue>[] = Object.entries(FORM_RULES).map(
  ([kind, fields]) =>
    defineRule<FormIssue>({
      param: '{param}',
      ...fields,
      findBreach: (issue) => (issue.kind === kind ? { hint: '', ...issue.values } : undefined),
      unknownFields: (issue) => issue.unknown,
    }),
)

/** Returns the refusal of a body that departs from its schema, or undefined. The first departure decides. */
export function refuseForm(body: Json | undefined, schema: z.ZodType): Refusal | undefined {
  const result = schema.safeParse(body)
  const issue = result.success ? undefined : result.error.issues[0]
  return issue === undefined ? undefined : refuseIssue(readIssue(issue, body))
}

/** Returns the refusal of an issue that was found without a schema, such as a query parameter out of range. */
export function refuseIssue(issue: FormIssue): Refusal | undefined {
  return findRefusal(bodyFormRules, issue)
}
