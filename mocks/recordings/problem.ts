import type { z } from 'zod'
import { toPrintable } from '../printable.ts'

/** A problem of a file that a user named: where it is, what was found, what was expected. */
export interface Problem {
  /** The file as the user named it. */
  file: string
  /** The place in the file: a JSON path, a line, or `file` for the whole file. */
  place: string
  found: string
  expected: string
}

/** Thrown for a file that cannot be read. Its message is one terminal line. */
export class RecordingError extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(
      `${toPrintable(problem.file, 500)}: ${toPrintable(problem.place)}: found ${toPrintable(problem.found)}, expected ${toPrintable(problem.expected, 500)}`,
    )
    this.name = 'RecordingError'
    this.problem = problem
  }
}

/** Thrown for a file that can be read and holds no traffic of the Responses API. Such files are left out. */
export class NoTrafficError extends RecordingError {}

/** Returns a short description of a value for an error: its type, or the value itself if it is a scalar. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'an object'
  return JSON.stringify(value) ?? typeof value
}

/** Returns `value` parsed by `schema`. Throws a `RecordingError` with the JSON path of the first problem. */
export function parseBySchema<T extends z.ZodType>(
  schema: T,
  value: unknown,
  file: string,
  root = '$',
): z.infer<T> {
  const result = schema.safeParse(value, { reportInput: true })
  if (result.success) return result.data
  const issue = findDeepestIssue(result.error.issues)
  throw new RecordingError({
    file,
    place: root + formatJsonPath(issue.path),
    found:
      issue.code === 'unrecognized_keys'
        ? `unknown keys ${issue.keys.join(', ')}`
        : describeValue(issue.input),
    expected:
      issue.code === 'unrecognized_keys' ? 'only the keys of its format' : readExpectation(issue.message),
  })
}

/** Returns what a message of Zod says was expected. The `found` part of an error says the rest. */
function readExpectation(message: string): string {
  const expected = message
    .replace(/^(Invalid input|Invalid string|Too big|Too small): /, '')
    .replace(/^expected /, '')
    .replace(/, received .*$/, '')
  return expected === 'Invalid input' ? 'another kind of value' : expected
}

type Issue = z.core.$ZodIssue

/** Returns the issue with the longest path. In a union, that alternative fits best. */
function findDeepestIssue(issues: readonly Issue[], prefix: PropertyKey[] = []): Issue {
  const first = issues[0] as Issue
  const path = [...prefix, ...first.path]
  if (first.code !== 'invalid_union') return { ...first, path } as Issue
  const inner = first.errors
    .filter((list) => list.length > 0)
    .map((list) => findDeepestIssue(list, path))
    .sort((a, b) => b.path.length - a.path.length)[0]
  return inner && inner.path.length > path.length ? inner : ({ ...first, path } as Issue)
}

/** Returns a path such as `.a.b[0]["odd key"]`, to append to a root such as `$`. */
export function formatJsonPath(path: readonly PropertyKey[]): string {
  return path
    .map((part) =>
      typeof part === 'number'
        ? `[${part}]`
        : /^[A-Za-z_$][\w$]*$/.test(String(part))
          ? `.${String(part)}`
          : `[${JSON.stringify(String(part))}]`,
    )
    .join('')
}
