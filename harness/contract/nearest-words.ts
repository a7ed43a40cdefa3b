/** Thrown for a word that nobody knows, for example a capability with a typing error. The message names the nearest words. */
export class UnknownWordError extends Error {
  override name = 'UnknownWordError'
}

/** Returns what was expected in place of an unknown word: the nearest of the known words, or all if none is near. */
export function describeKnownWords(word: string, known: readonly string[]): string {
  const nearest = findNearestWords(word, known)
  return nearest.length > 0 ? `perhaps ${nearest.join(' or ')}` : `one of ${known.join(', ')}`
}

/** Maximum number of words that are offered for an unknown one. */
const MOST_WORDS = 3

/** A word longer than this is not compared, so that a hostile text costs no time. */
const LONGEST_WORD = 100

/** Returns the known words that differ from a word in at most a third of their letters, the nearest first. */
export function findNearestWords(word: string, known: readonly string[]): string[] {
  if (word.length > LONGEST_WORD) return []
  return known
    .map((one) => ({ one, distance: computeDistance(word.toLowerCase(), one.toLowerCase()) }))
    .filter(({ one, distance }) => distance <= Math.max(1, Math.floor(one.length / 3)))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MOST_WORDS)
    .map(({ one }) => one)
}

/**
 * Returns how many letters must be inserted, removed, replaced or swapped with their neighbour to turn one word into another
 * (the optimal string alignment distance).
 */
function computeDistance(one: string, other: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, column) => column)
  for (let row = 1; row <= one.length; row++) {
    const line = [row]
    for (let column = 1; column <= other.length; column++) {
      const isSame = one[row - 1] === other[column - 1]
      const isSwapped =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      line[column] = Math.min(
        (last[column] ?? 0) + 1,
        (line[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
        isSwapped ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    beforeLast = last
    last = line
  }
  return last[other.length] ?? 0
}
