import { isObject, type Json } from '../json.ts'
import { printableJson } from '../printable.ts'
import { jsonPath } from './problem.ts'

/** One place where two JSON values differ. A side that has nothing there is absent. */
export interface Difference {
  /** `$.input[0].content`; or `method`, `path`, `query.stream` where a request differs outside its body. */
  path: string
  recorded?: Json
  received?: Json
}

/**
 * The first place where two JSON values differ, or undefined where they are equal. Keys are taken in the order of
 * `recorded`, then what only `received` has; the order of keys is no difference, that of list items is.
 */
export function firstDifference(recorded: Json, received: Json, root = '$'): Difference | undefined {
  return differences(recorded, received, root).next().value ?? undefined
}

/** How many leaves differ, counted up to `limit`. */
export function distance(recorded: Json, received: Json, limit = 1000): number {
  let count = 0
  for (const _ of differences(recorded, received, '$')) if (++count >= limit) break
  return count
}

type Held = Json | undefined

/** All differences, in order; walked with a list of its own, so that no depth of nesting exhausts the stack. */
export function* differences(recorded: Json, received: Json, root: string): Generator<Difference, void> {
  const open: { path: string; a: Held; b: Held }[] = [{ path: root, a: recorded, b: received }]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { path, a, b } = at
    if (a === b) continue
    const keys = sharedKeys(a, b)
    if (keys === undefined) {
      yield { path, ...(a !== undefined && { recorded: a }), ...(b !== undefined && { received: b }) }
      continue
    }
    for (const key of keys.reverse())
      open.push({ path: path + jsonPath([key]), a: child(a, key), b: child(b, key) })
  }
}

/** The places to look at inside two values of one kind; undefined where they are of different kinds or are leaves. */
function sharedKeys(a: Held, b: Held): (string | number)[] | undefined {
  if (Array.isArray(a) && Array.isArray(b)) return [...Array(Math.max(a.length, b.length)).keys()]
  if (isObject(a) && isObject(b))
    return [...Object.keys(a), ...Object.keys(b).filter((key) => !Object.hasOwn(a, key))]
  return undefined
}

function child(value: Held, key: string | number): Held {
  if (Array.isArray(value)) return value[key as number]
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

/** A difference on one terminal line. */
export function tell({ path, recorded, received }: Difference): string {
  return `${path}: recorded ${printableJson(recorded)}, received ${printableJson(received)}`
}
