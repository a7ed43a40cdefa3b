/** How an option that may be repeated gathers its values, from an empty list on. */
export function several(value: string, before: readonly string[]): string[] {
  return [...before, value]
}
