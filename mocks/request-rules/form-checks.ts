import { z } from 'zod'
import type { CheckFound } from './form-issue.ts'

// Checks of values that the schema library cannot say in the words of the service.

/** Returns a schema that reports what `find` finds in a value, and accepts the value if it finds nothing. */
export function checkValue(find: (value: unknown) => CheckFound | undefined): z.ZodType {
  return z.unknown().check(({ value, issues }) => {
    const found = find(value)
    if (found === undefined) return
    issues.push({ code: 'custom', input: value, path: found.path ?? [], params: { found } })
  })
}

/** Returns a schema of a string that matches a pattern. `shown` is the pattern as the service's message has it. */
export function matchPattern(pattern: RegExp, shown: string): z.ZodType {
  return z.string().check(({ value, issues }) => {
    if (pattern.test(value)) return
    const found: CheckFound = { kind: 'string-not-matching', values: { pattern: shown } }
    issues.push({ code: 'custom', input: value, path: [], params: { found } })
  })
}

/** The names of tools and of formats (SERVICE-FACTS 15a). */
export const plainName = matchPattern(/^[a-zA-Z0-9_-]+$/, '^[a-zA-Z0-9_-]+$')

/**
 * Returns what is wrong with the address of an image, in the words of the service, or undefined. Only what reports show is
 * refused: the kind of image and the address itself are not looked at (SERVICE-FACTS 15a).
 */
export function findImageProblem(url: string): string | undefined {
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(url)) return undefined
  if (!/^data:/i.test(url)) return "a value without the 'data:' prefix"
  const data = url.slice(url.indexOf(',') + 1)
  if (!url.includes(',') || data === '') return 'empty base64-encoded bytes'
  return /[^\w+/=\s-]/.test(data) ? 'an invalid base64-encoded value' : undefined
}
