import { plainJson } from '../../harness/repro/literal.ts'

/** A value as a Python expression: its JSON in a raw string that nothing in it can end, with no character beyond ASCII. */
export function pythonLiteral(value: unknown): string {
  const json = plainJson(value, 2).replaceAll(/[^\n\x20-\x7e]|'/g, (unit) => escaped(unit))
  return `json.loads(r'''${json}''')`
}

/** A text as a Python string literal: as it is read where it can stand so, for it is source code. */
export function pythonSource(text: string): string {
  if (/'''|\\$|'$/.test(text) || /[^\n\x20-\x7e]/.test(text))
    return `json.loads(${plainJson(JSON.stringify(text)).replaceAll(/[^\x20-\x7e]/g, (unit) => escaped(unit))})`
  return `r'''${text}'''`
}

function escaped(text: string): string {
  return text
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}
