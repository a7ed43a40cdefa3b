import type { z } from 'zod'
import type { Json } from '../json.ts'
import { defineRule, findRefusal, type Refusal, type RefusalValues, type RequestRule } from './rule.ts'

/**
 * The first place at which a body departs from its schema, in the words of the service's messages. The rules of this file
 * read it; `values` fill their `param` and `message`.
 */
export interface FormIssue {
  kind: FormIssueKind
  values: RefusalValues
}

export type FormIssueKind =
  | 'missing'
  | 'unknown'
  | 'wrong-type'
  | 'wrong-value'
  | `${NumberKind}-too-${'small' | 'big'}`
  | 'string-too-long'
  | 'array-too-long'

type NumberKind = 'decimal' | 'integer'

const FAMILY =
  'SERVICE-FACTS 6: the family of the recorded decimal_below_min_value and integer_above_max_value'
const buildTooSmallMessage = (kind: NumberKind) =>
  `Invalid '{param}': ${kind} below minimum value. Expected a value >= {bound}, but got {found} instead.`
const buildTooBigMessage = (kind: NumberKind) =>
  `Invalid '{param}': ${kind} above maximum value. Expected a value <= {bound}, but got {found} instead.`

type FormFields = Pick<RequestRule<FormIssue>, 'id' | 'statement' | 'code' | 'message' | 'source'>

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
    message: "Unknown parameter: '{param}'.",
    source: 'SERVICE-FACTS 3: openai/openai-python#3008',
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
    source: 'SERVICE-FACTS 6: the code is recorded (pydantic-ai, file data)',
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
    message: "Invalid '{param}': string too long. Expected a string with maximum length {bound}.",
    source: FAMILY,
  },
  'array-too-long': {
    id: 'array-above-max-length',
    statement: 'An array is not longer than its maximum length',
    code: 'array_above_max_length',
    message: "Invalid '{param}': array too long. Expected an array with maximum length {bound}.",
    source: 'SERVICE-FACTS 12: at most 20 items of a conversation, reference; the code after the family of 6',
  },
}

/** The rules about the form of a body: one for each kind of issue. */
export const bodyFormRules: readonly RequestRule<FormIssue>[] = Object.entries(FORM_RULES).map(
  ([kind, fields]) =>
    defineRule<FormIssue>({
      ...fields,
      param: '{param}',
      findBreach: (issue) => (issue.kind === kind ? issue.values : undefined),
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

type SchemaIssue = z.core.$ZodIssue

function readIssue(issue: SchemaIssue, body: Json | undefined): FormIssue {
  const found = valueAt(body, issue.path)
  const param = spellPath(issue.path)
  // Reports show that the service treats a null status of an item as an unknown parameter (SERVICE-FACTS 3).
  if (found === null && issue.path[0] === 'input' && issue.path.at(-1) === 'status')
    return { kind: 'unknown', values: { param } }
  switch (issue.code) {
    case 'unrecognized_keys':
      return { kind: 'unknown', values: { param: spellPath([...issue.path, issue.keys[0] ?? '']) } }
    case 'too_big':
    case 'too_small':
      return readRangeFormIssue(issue, param, found)
    case 'invalid_type': {
      if (found === undefined) return { kind: 'missing', values: { param } }
      const expected = EXPECTED[issue.expected] ?? issue.expected
      return { kind: 'wrong-type', values: { param, expected, found: nameType(found) } }
    }
    case 'invalid_value': {
      if (found === undefined) return { kind: 'missing', values: { param } }
      const values = issue.values.map((value) => `'${String(value)}'`).join(', ')
      return typeof found === 'string'
        ? { kind: 'wrong-value', values: { param, found, values } }
        : { kind: 'wrong-type', values: { param, expected: `one of ${values}`, found: nameType(found) } }
    }
    default:
      return { kind: 'wrong-value', values: { param, found: nameType(found), values: issue.message } }
  }
}

type RangeIssue = Extract<SchemaIssue, { code: 'too_big' | 'too_small' }>

function readRangeFormIssue(issue: RangeIssue, param: string, found: Json | undefined): FormIssue {
  const bound = String(issue.code === 'too_big' ? issue.maximum : issue.minimum)
  if (issue.origin === 'string') return { kind: 'string-too-long', values: { param, bound } }
  if (issue.origin === 'array') return { kind: 'array-too-long', values: { param, bound } }
  const isInteger = Number.isInteger(Number(found)) && issue.origin === 'int'
  const number: NumberKind = isInteger || !DECIMALS.has(param) ? 'integer' : 'decimal'
  const side = issue.code === 'too_big' ? 'big' : 'small'
  return { kind: `${number}-too-${side}`, values: { param, bound, found: String(found) } }
}

/** The parameters that take decimals. All others take whole numbers. */
const DECIMALS: ReadonlySet<string> = new Set(['temperature', 'top_p'])

/** How the service's messages name the types of the schemas. */
const EXPECTED: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a decimal',
  int: 'an integer',
  boolean: 'a boolean',
  array: 'an array of objects',
  object: 'an object',
  record: 'an object',
}

function nameType(value: Json | undefined): string {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a decimal'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** Returns a path in the service's spelling: `input[3].content[0].text`. */
function spellPath(path: readonly PropertyKey[]): string {
  let param = ''
  for (const part of path)
    param += typeof part === 'number' ? `[${part}]` : `${param === '' ? '' : '.'}${String(part)}`
  return param
}

function valueAt(body: Json | undefined, path: readonly PropertyKey[]): Json | undefined {
  let held: unknown = body
  for (const part of path) {
    if (typeof held !== 'object' || held === null || !Object.hasOwn(held, part)) return undefined
    held = (held as Record<PropertyKey, unknown>)[part]
  }
  return held as Json | undefined
}
