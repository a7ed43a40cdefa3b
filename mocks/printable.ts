/**
 * Returns foreign text in a form that is safe on one line of a terminal. Control characters (C0, C1, DEL), line and
 * paragraph separators, bidirectional overrides, zero-width and tag characters and lone surrogates become escapes. Text
 * beyond `limit` UTF-16 units is cut, and its full length is added.
 */
export function toPrintable(text: string, limit = 200): string {
  const head = text.length > limit ? text.slice(0, limit) : text
  const shown = head.replace(UNSAFE, escapeCharacter)
  return head === text ? shown : `${shown}… (${text.length} characters)`
}

/** Returns a JSON value on one safe line, cut like `printable`. */
export function printableJson(value: unknown, limit = 200): string {
  return toPrintable(value === undefined ? 'nothing' : (JSON.stringify(value) ?? 'nothing'), limit)
}

// Cc: controls. Cf: format characters, such as bidirectional overrides and zero-width ones. Cs: lone surrogates. Zl,
// Zp: line and paragraph separators. Co, Cn: characters that no terminal knows.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu

const named: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function escapeCharacter(character: string): string {
  const short = named[character]
  if (short !== undefined) return short
  const code = character.codePointAt(0) ?? 0
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`
}
