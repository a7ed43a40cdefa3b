/** The largest size of a file, body or decoded text, in bytes. */
export const MAX_BYTES = 64 * 1024 * 1024

/** The deepest nesting of lists and objects. */
export const MAX_DEPTH = 64

/**
 * Returns how deep the lists and objects of a JSON text are nested. It does not parse the text, so that no depth can
 * exhaust the stack. If the text is not JSON, the number means nothing.
 */
export function jsonDepth(text: string): number {
  let depth = 0
  let deepest = 0
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (quoted) {
      if (code === BACKSLASH) at++
      else if (code === QUOTE) quoted = false
    } else if (code === QUOTE) quoted = true
    else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      if (++depth > deepest) deepest = depth
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth--
  }
  return deepest
}

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [34, 92, 91, 93, 123, 125]

/** Returns how deep a parsed value is nested. It walks without recursion and stops counting beyond the limit. */
export function valueDepth(value: unknown): number {
  let level: unknown[] = [value]
  for (let depth = 0; depth <= MAX_DEPTH; depth++) {
    const next: unknown[] = []
    let nested = false
    for (const held of level)
      if (typeof held === 'object' && held !== null) {
        nested = true
        for (const child of Object.values(held))
          if (typeof child === 'object' && child !== null) next.push(child)
      }
    if (!nested) return depth
    level = next
  }
  return MAX_DEPTH + 1
}

/** Returns the parsed JSON, or undefined if the text is not JSON or is nested too deep. */
export function parseJsonOrUndefined(text: string): unknown {
  if (jsonDepth(text) > MAX_DEPTH) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
