/** Values that are nested deeper count as unequal. The readers of files refuse such input at a much smaller depth. */
const DEEPEST = 256

/** Returns whether two parsed JSON values are equal. The order of keys does not matter. */
export function isEqual(a: unknown, b: unknown, depth = 0): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || depth > DEEPEST) {
    return false
  }
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false
    for (let at = 0; at < a.length; at++) if (!isEqual(a[at], b[at], depth + 1)) return false
    return true
  }
  return !Array.isArray(b) && areObjectsEqual(a, b, depth)
}

function areObjectsEqual(a: object, b: object, depth: number): boolean {
  const right = b as Record<string, unknown>
  let left = 0
  for (const key in a) {
    left++
    const held = right[key]
    if (held === undefined || !isEqual((a as Record<string, unknown>)[key], held, depth + 1)) return false
  }
  for (const _ in b) left--
  return left === 0
}

/** Returns the first key in which two objects differ, or undefined. Keys in `except` are not compared. */
export function findDifferingKey(
  a: Record<string, unknown>,
  b: Record<string, unknown>,
  except: (key: string) => boolean = () => false,
): string | undefined {
  for (const key in a) if (!except(key) && !isEqual(a[key], b[key])) return key
  for (const key in b) if (!except(key) && a[key] === undefined && b[key] !== undefined) return key
  return undefined
}
