/** A value as a literal of source code: nothing in a text can end it, hide in it or turn what stands around it. */
export function literal(value: unknown, indent?: number): string {
  // As a plain key it would set the prototype. Within a text its quotes are escaped.
  return plainJson(value, indent).replaceAll('"__proto__":', '["__proto__"]:')
}

/** A value's JSON, without characters that hide or turn what stands around them. */
export function plainJson(value: unknown, indent?: number): string {
  return (JSON.stringify(value, null, indent) ?? 'undefined').replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) =>
      character === '\n'
        ? character
        : [...character].flatMap((one) => one.split('').map((unit) => escaped(unit.charCodeAt(0)))).join(''),
  )
}

function escaped(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`
}
