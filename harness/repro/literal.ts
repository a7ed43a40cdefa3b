import { jsonText } from '../../mocks/json-text.ts'

/** A value as a literal of source code: nothing in a text can end it, hide in it or turn what stands around it. */
export function literal(value: unknown, indent?: number): string {
  // As a plain key it would set the prototype. Within a text its quotes are escaped.
  return jsonText(value, indent).replaceAll('"__proto__":', '["__proto__"]:')
}
