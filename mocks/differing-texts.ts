import { SHORT_JSON_LENGTH } from './json.ts'

/** Characters before the first difference that are shown. */
const BEFORE = 20

/** The fewest characters after the first difference that are shown, if the text goes on. */
const AFTER = 20

/**
 * Returns two values as JSON for a message. If one is long, both are cut around the first place in which they differ, so
 * that a reader sees the difference.
 */
export function toDifferingJson(one: unknown, other: unknown): [one: string, other: string] {
  return cutAroundDifference(writeJson(one), writeJson(other), SHORT_JSON_LENGTH)
}

/** Returns two texts, each with at most `length` characters around the first place in which they differ. */
export function cutAroundDifference(
  one: string,
  other: string,
  length: number,
): [one: string, other: string] {
  const from = findStart(one, other, length)
  const cut = (text: string) => {
    const head = from > 0 ? '...' : ''
    const rest = text.slice(from)
    return head.length + rest.length > length
      ? `${head}${rest.slice(0, length - 3 - head.length)}...`
      : head + rest
  }
  return [cut(one), cut(other)]
}

/** Returns where both cut texts begin: at 0 if the first difference is visible from there. */
function findStart(one: string, other: string, length: number): number {
  if (Math.max(one.length, other.length) <= length) return 0
  let at = 0
  while (at < one.length && at < other.length && one[at] === other[at]) at++
  return at + AFTER <= length ? 0 : at - BEFORE
}

function writeJson(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing'
}
