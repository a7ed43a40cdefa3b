import type { z } from 'zod'
import type { Json } from '../../json.ts'
import { type Refused, refused } from './refusal.ts'
import {
  arrayTooLong,
  invalidType,
  invalidValue,
  missingParameter,
  numberTooBig,
  numberTooSmall,
  stringTooLong,
  unknownParameter,
} from './section-6.ts'

type Issue = z.core.$ZodIssue

/** The refusal of a body that has not the shape, in the service's own words, or undefined. The first breach decides. */
export function refuseShape(body: Json | undefined, shape: z.ZodType): Refused | undefined {
  const result = shape.safeParse(body)
  const issue = result.success ? undefined : result.error.issues[0]
  return issue === undefined ? undefined : refusalOf(issue, body)
}

function refusalOf(issue: Issue, body: Json | undefined): Refused {
  const found = valueAt(body, issue.path)
  const param = paramOf(issue.path)
  // Seen with items: null where it means nothing is an unknown parameter (SERVICE-FACTS 3).
  if (found === null && issue.path[0] === 'input' && issue.path.at(-1) === 'status')
    return refused(unknownParameter, { param })
  switch (issue.code) {
    case 'unrecognized_keys':
      return refused(unknownParameter, { param: paramOf([...issue.path, issue.keys[0] ?? '']) })
    case 'too_big':
    case 'too_small':
      return outOfRange(issue, param, found)
    case 'invalid_type':
      return found === undefined
        ? refused(missingParameter, { param })
        : refused(invalidType, {
            param,
            expected: EXPECTED[issue.expected] ?? issue.expected,
            found: kindOf(found),
          })
    case 'invalid_value': {
      const values = issue.values.map((value) => `'${String(value)}'`).join(', ')
      if (found === undefined) return refused(missingParameter, { param })
      return typeof found === 'string'
        ? refused(invalidValue, { param, found, values })
        : refused(invalidType, { param, expected: `one of ${values}`, found: kindOf(found) })
    }
    default:
      return refused(invalidValue, { param, found: kindOf(found), values: issue.message })
  }
}

type RangeIssue = Extract<Issue, { code: 'too_big' | 'too_small' }>

function outOfRange(issue: RangeIssue, param: string, found: Json | undefined): Refused {
  const bound = String(issue.code === 'too_big' ? issue.maximum : issue.minimum)
  if (issue.origin === 'string') return refused(stringTooLong, { param, bound })
  if (issue.origin === 'array') return refused(arrayTooLong, { param, bound })
  const kind = Number.isInteger(Number(found)) && issue.origin === 'int' ? 'integer' : kindOfRange(param)
  const rule = issue.code === 'too_big' ? numberTooBig[kind] : numberTooSmall[kind]
  return refused(rule, { param, bound, found: String(found) })
}

/** Parameters that take decimals; the others take whole numbers. */
function kindOfRange(param: string): 'integer' | 'decimal' {
  return param === 'temperature' || param === 'top_p' ? 'decimal' : 'integer'
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a decimal',
  int: 'an integer',
  boolean: 'a boolean',
  array: 'an array of objects',
  object: 'an object',
  record: 'an object',
}

function kindOf(value: Json | undefined): string {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a decimal'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** `input[3].content[0].text`, as the service spells places. */
function paramOf(path: readonly PropertyKey[]): string {
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
