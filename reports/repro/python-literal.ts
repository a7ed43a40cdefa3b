import { escapeUnits, jsonText } from '../../mocks/json-text.ts'

/** A value as a Python expression: its JSON in a raw string that nothing in it can end, with no character beyond ASCII. */
export function pythonLiteral(value: unknown): string {
  // All printable ASCII but the quote that would end the raw string.
  const json = jsonText(value, 2).replaceAll(/[^\n\x20-\x26\x28-\x7e]+/g, escapeUnits)
  return `json.loads(r'''${json}''')`
}

/** A text as a Python string literal: as it is read where it can stand so, for it is source code. */
export function pythonSource(text: string): string {
  if (/'''|\\$|'$/.test(text) || /[^\n\x20-\x7e]/.test(text))
    return `json.loads(${jsonText(JSON.stringify(text)).replaceAll(/[^\x20-\x7e]+/g, escapeUnits)})`
  return `r'''${text}'''`
}
