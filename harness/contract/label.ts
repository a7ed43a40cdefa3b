/** The longest name or version that a runtime may tell of itself, in UTF-16 units. */
const LONGEST = 200

/** The words for it in messages. */
export const LABEL = `a string of at most ${LONGEST} characters without control characters`

/**
 * Whether a value can stand as the name or version of a runtime, which is whatever its adapter tells: in a table, in the
 * name of a file, in a line of a report. It is never a path and never run.
 */
export function isLabel(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST && /^\P{Cc}*$/u.test(value)
}
