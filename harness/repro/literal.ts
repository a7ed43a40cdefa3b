import { jsonText } from '../../mocks/json-text.ts'

/** Returns a value as a literal of source code. No text in the value can end the literal or hide code in it. */
export function formatLiteral(value: unknown, indent?: number): string {
  // A plain key `__proto__` would set the prototype. A text with these words has escaped quotes, so it does not match.
  return jsonText(value, indent).replaceAll('"__proto__":', '["__proto__"]:')
}
