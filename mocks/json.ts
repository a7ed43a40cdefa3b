/** A JSON value. */
export type Json = null | boolean | number | string | Json[] | JsonObject
export type JsonObject = { [key: string]: Json }

/** Returns whether a value is a JSON object: not null and not a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Returns the objects in a list. For any other value, an empty list. */
export function listObjects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

/** Returns whether a text is JSON. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** The most characters of a value in a message. */
export const SHORT_JSON_LENGTH = 80

/** Returns a value as JSON for a message, cut at 80 characters. `toDifferingJson` shows two values that differ. */
export function toShortJson(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > SHORT_JSON_LENGTH ? `${text.slice(0, SHORT_JSON_LENGTH - 3)}...` : text
}

/**
 * Returns whether two JSON values have the same JSON text, with their keys in the same order. It writes no text,
 * because a large value would take twice the memory. A false result is not certain: a key with the value `undefined`
 * counts here, but is not part of the text.
 */
export function isSameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b))
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((held, at) => isSameJson(held, b[at]))
    )
  const [keys, those] = [Object.keys(a), Object.keys(b)]
  return (
    keys.length === those.length &&
    keys.every(
      (key, at) => key === those[at] && isSameJson(a[key as keyof typeof a], b[key as keyof typeof b]),
    )
  )
}

/** Returns the canonical JSON text of a value: keys are sorted, and keys with the value `undefined` are left out. */
export function toCanonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toCanonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).filter(([, held]) => held !== undefined)
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return `{${entries.map(([key, held]) => `${JSON.stringify(key)}:${toCanonicalJson(held)}`).join(',')}}`
}
