/**
 * Returns a value as JSON without characters that steer a terminal, or that hide or turn the text around them: controls (C0,
 * C1, DEL), format characters (bidirectional and zero-width ones), line and paragraph separators and lone surrogates
 * are written as `\uXXXX`. `JSON.parse` gives the same value. Everything that prints or writes JSON for people uses this.
 */
export function jsonText(value: unknown, indent?: number): string {
  // Such characters stand within strings only, where an escape means the same. JSON.stringify escapes C0 and surrogates.
  return escapeUnsafe(JSON.stringify(value, null, indent) ?? 'undefined')
}

/** Returns UTF-16 units as JSON escapes. */
export function escapeUnits(text: string): string {
  let escaped = ''
  for (let at = 0; at < text.length; at++)
    escaped += `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`
  return escaped
}

// Line ends are what JSON.stringify indents with. One character at a time: for long runs of characters beyond the basic
// plane `+` exhausts the stack of the engine.
const UNSAFE = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

function escapeUnsafe(json: string): string {
  return json.replaceAll(UNSAFE, escapeUnits)
}
