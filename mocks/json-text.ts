/**
 * Returns a value as JSON that is safe to print. Controls (C0, C1, DEL), format characters (bidirectional and
 * zero-width ones), line and paragraph separators and lone surrogates are written as `\uXXXX`: they could steer a
 * terminal, or hide or turn the text around them. `JSON.parse` returns the same value. All JSON for people is printed
 * or written by this function.
 */
export function jsonText(value: unknown, indent?: number): string {
  // These characters appear only within strings, where an escape means the same. JSON.stringify itself escapes C0 and
  // surrogates.
  return escapeUnsafe(JSON.stringify(value, null, indent) ?? 'undefined')
}

/** Returns UTF-16 units as JSON escapes. */
export function escapeUnits(text: string): string {
  let escaped = ''
  for (let at = 0; at < text.length; at++)
    escaped += `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`
  return escaped
}

// JSON.stringify indents with line ends, so that line ends stay. The pattern matches one character at a time: with `+`,
// long runs of characters beyond the basic plane exhaust the stack of the engine.
const UNSAFE = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

function escapeUnsafe(json: string): string {
  return json.replaceAll(UNSAFE, escapeUnits)
}
