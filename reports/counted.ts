/** A number of things in words: `1 plan`, `2 plans`. */
export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
