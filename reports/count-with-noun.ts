/** Returns a number with its noun, such as `1 plan` or `2 plans`. */
export function countWithNoun(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`
}
