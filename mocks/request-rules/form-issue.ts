import type { z } from 'zod'
import type { Json } from '../json.ts'
import type { RefusalValues, UnknownField } from './rule.ts'

/**
 * The first place at which a body departs from its schema, in the words of the service's messages. The rules of this file
 * read it; `values` fill their `param` and `message`.
 */
export interface FormIssue {
  kind: FormIssueKind
  values: RefusalValues
  /** Fields of the refusal of this issue that nobody has seen. */
  unknown?: readonly UnknownField[]
}

/** What a check found: the kind of the issue, the values for its message, and its place below the checked value. */
export interface CheckFound {
  kind: FormIssueKind
  /** Without `param`, which the place gives. */
  values?: RefusalValues
  path?: PropertyKey[]
  unknown?: readonly UnknownField[]
}

export type FormIssueKind =
  | 'missing'
  | 'unknown'
  | 'moved'
  | 'wrong-type'
  | 'wrong-value'
  | `${NumberKind}-too-${'small' | 'big'}`
  | 'string-too-long'
  | 'string-not-matching'
  | 'object-too-big'
  | 'bad-image'
  | 'array-too-long'

export type NumberKind = 'decimal' | 'integer'

type SchemaIssue = z.core.$ZodIssue

/** Returns the issue that a schema found in a body, in the words of the service. */
export function readIssue(issue: SchemaIssue, body: Json | undefined): FormIssue {
  const found = valueAt(body, issue.path)
  const param = spellPath(issue.path)
  // Reports show that the service treats a null status of an item as an unknown parameter (SERVICE-FACTS 3).
  if (found === null && issue.path[0] === 'input' && issue.path.at(-1) === 'status')
    return { kind: 'unknown', values: { param } }
  switch (issue.code) {
    case 'custom': {
      const held = issue.params?.['found'] as CheckFound
      const { kind, values, unknown } = held
      return { kind, values: { param, ...values }, ...(unknown === undefined ? {} : { unknown }) }
    }
    case 'unrecognized_keys':
      return { kind: 'unknown', values: { param: spellPath([...issue.path, issue.keys[0] ?? '']) } }
    case 'too_big':
    case 'too_small':
      return readRangeFormIssue(issue, param, found)
    case 'invalid_type': {
      if (found === undefined) return { kind: 'missing', values: { param } }
      const expected = EXPECTED_AT[param] ?? EXPECTED[issue.expected] ?? issue.expected
      return { kind: 'wrong-type', values: { param, expected, found: nameFoundType(found, issue.path) } }
    }
    case 'invalid_value': {
      if (found === undefined) return { kind: 'missing', values: { param } }
      if (typeof found === 'string')
        return { kind: 'wrong-value', values: { param, found, values: formatValues(issue.values, 'and') } }
      const expected = `one of ${formatValues(issue.values, 'or')}`
      return { kind: 'wrong-type', values: { param, expected, found: nameFoundType(found, issue.path) } }
    }
    default:
      return { kind: 'wrong-value', values: { param, found: nameType(found), values: issue.message } }
  }
}

type RangeIssue = Extract<SchemaIssue, { code: 'too_big' | 'too_small' }>

function readRangeFormIssue(issue: RangeIssue, param: string, found: Json | undefined): FormIssue {
  const bound = String(issue.code === 'too_big' ? issue.maximum : issue.minimum)
  if (typeof found === 'string')
    return { kind: 'string-too-long', values: { param, bound, found: found.length } }
  if (Array.isArray(found)) return { kind: 'array-too-long', values: { param, bound, found: found.length } }
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

/** The types of the places where the service's messages have words of their own (SERVICE-FACTS 15c). */
const EXPECTED_AT: Readonly<Record<string, string>> = {
  metadata: 'a metadata object',
  tools: 'an array of tools',
}

/** Returns values as the service lists them: `'a' and 'b'`, or `'a', 'b', and 'c'` (SERVICE-FACTS 15c). */
export function formatValues(values: readonly unknown[], word: 'and' | 'or'): string {
  const quoted = values.map((value) => `'${String(value)}'`)
  const last = quoted.at(-1) ?? ''
  if (quoted.length < 3) return quoted.join(` ${word} `)
  return `${quoted.slice(0, -1).join(', ')}, ${word} ${last}`
}

/** Returns the type of a value in a message. The service calls null an object at the top of a body (SERVICE-FACTS 15c). */
function nameFoundType(value: Json | undefined, path: readonly PropertyKey[]): string {
  return value === null && path.length === 1 ? 'an object' : nameType(value)
}

/** Returns the type of a value in the words of the service's messages. */
export function nameType(value: Json | undefined): string {
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
