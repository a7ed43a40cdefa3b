import { escapeUnits, jsonText } from '../../mocks/json-text.ts'

/** Returns a value as a Python expression: JSON in a raw string of ASCII characters, without the quote that would end it. */
export function formatPythonValue(value: unknown): string {
  // The expression matches all characters except printable ASCII without the single quote.
  const json = jsonText(value, 2).replaceAll(/[^\n\x20-\x26\x28-\x7e]+/g, escapeUnits)
  return `json.loads(r'''${json}''')`
}

/** Returns a text as a Python string literal. It stays readable if possible, because the text is source code. */
export function formatPythonText(text: string): string {
  if (/'''|\\$|'$/.test(text) || /[^\n\x20-\x7e]/.test(text))
    return `json.loads(${jsonText(JSON.stringify(text)).replaceAll(/[^\x20-\x7e]+/g, escapeUnits)})`
  return `r'''${text}'''`
}
