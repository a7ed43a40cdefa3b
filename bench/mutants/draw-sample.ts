import { createHash } from 'node:crypto'

/**
 * Returns `count` elements in a random order, or all if there are fewer. The seed and the key of each element decide which. So an
 * element that is added or removed changes no other part of the order.
 */
export function drawSample<T>(
  all: readonly T[],
  count: number,
  seed: number,
  keyOf: (element: T) => string,
): T[] {
  const placed = all.map((element) => ({ element, place: hash(`mutants ${seed} ${keyOf(element)}`) }))
  return placed
    .toSorted((one, other) => (one.place < other.place ? -1 : 1))
    .slice(0, count)
    .map(({ element }) => element)
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
