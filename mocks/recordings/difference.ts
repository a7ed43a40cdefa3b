import { isObject, type Json } from '../json.ts'
import { printableJson } from '../printable.ts'
import { formatJsonPath } from './problem.ts'

/** One place where two JSON values differ. If a value has nothing at that place, its side is absent. */
export interface Difference {
  /** A path such as `$.input[0].content`. If requests differ outside the body: `method`, `path`, `query.stream`. */
  path: string
  recorded?: Json
  received?: Json
}

/**
 * Returns the first place where two JSON values differ, or undefined if they are equal. The keys of `recorded` are
 * compared first, then the keys that only `received` has. The order of list items matters, the order of keys does not.
 */
export function findFirstDifference(
  recorded: Json,
  received: Json,
  root = '$',
  fits: Fits = fitsNothing,
): Difference | undefined {
  return walkDifferences(recorded, received, root, fits).next().value ?? undefined
}

/** Returns the number of leaves that differ, counted up to `limit`. */
export function countDifferences(
  recorded: Json,
  received: Json,
  fits: Fits = fitsNothing,
  limit = 1000,
): number {
  let count = 0
  for (const _ of walkDifferences(recorded, received, '$', fits)) if (++count >= limit) break
  return count
}

type Held = Json | undefined

/** Returns whether two values that are not equal count as equal. */
export type Fits = (recorded: Held, received: Held) => boolean
const fitsNothing: Fits = () => false

/**
 * Returns all differences in order. The walk uses a list instead of recursion, so that deep nesting cannot exhaust the
 * stack.
 */
export function* walkDifferences(
  recorded: Json,
  received: Json,
  root: string,
  fits: Fits = fitsNothing,
): Generator<Difference, void> {
  const open: { path: string; a: Held; b: Held }[] = [{ path: root, a: recorded, b: received }]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { path, a, b } = at
    if (a === b || fits(a, b)) continue
    const keys = findSharedKeys(a, b)
    if (keys === undefined) {
      yield { path, ...(a !== undefined && { recorded: a }), ...(b !== undefined && { received: b }) }
      continue
    }
    for (const key of keys.reverse())
      open.push({ path: path + formatJsonPath([key]), a: readChild(a, key), b: readChild(b, key) })
  }
}

/** Returns the keys to compare inside two values, or undefined if the values are leaves or of different kinds. */
function findSharedKeys(a: Held, b: Held): (string | number)[] | undefined {
  if (Array.isArray(a) && Array.isArray(b)) return [...Array(Math.max(a.length, b.length)).keys()]
  if (isObject(a) && isObject(b))
    return [...Object.keys(a), ...Object.keys(b).filter((key) => !Object.hasOwn(a, key))]
  return undefined
}

function readChild(value: Held, key: string | number): Held {
  if (Array.isArray(value)) return value[key as number]
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

/** Returns a difference as one terminal line. */
export function describeDifference({ path, recorded, received }: Difference): string {
  return `${path}: recorded ${printableJson(recorded)}, received ${printableJson(received)}`
}
