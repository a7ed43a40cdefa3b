/** The longest name or version of a runtime, in UTF-16 units. */
const LONGEST = 200

/** What error messages expect in place of a wrong name or version. */
export const LABEL = `a string of at most ${LONGEST} characters without control characters`

/**
 * Returns whether a value can be the name or version of a runtime. An adapter may say anything, and its words appear in
 * tables, file names and reports. They are never used as a path and never run.
 */
export function isLabel(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST && /^\P{Cc}*$/u.test(value)
}
