/** The result for a version. `untestable`: it cannot be installed or loaded, or its verdicts decide nothing. */
export type Colour = 'good' | 'bad' | 'untestable'

/** Two versions of different colour with only untestable versions between them. */
export interface Border<T> {
  /** The version before the change of colour. */
  before: T
  /** The version after the change of colour. */
  after: T
  /** Which of the two is good. */
  good: 'before' | 'after'
}

/**
 * Returns where the colour changes in a list of versions. Searches by halves, tests each version at most once, and replaces
 * an untestable version by a neighbour. If the list has several changes, returns one of them. Returns `only` if the first and
 * the last testable version have the same colour, or if no version can be tested.
 */
export async function findBorder<T>(
  versions: readonly T[],
  testVersion: (version: T) => Promise<Colour>,
): Promise<Border<T> | { only: Colour }> {
  const told = new Map<number, Colour>()
  const findColour = async (index: number) => {
    const colour = told.get(index) ?? (await testVersion(versions[index] as T))
    told.set(index, colour)
    return colour
  }
  /** Returns the first of these places with a testable version. */
  const findFirstTestable = async (places: Iterable<number>) => {
    for (const place of places) {
      const colour = await findColour(place)
      if (colour !== 'untestable') return { place, colour }
    }
    return undefined
  }
  const low = await findFirstTestable(versions.keys())
  if (low === undefined) return { only: 'untestable' }
  const high = await findFirstTestable(countDown(versions.length - 1, low.place))
  if (high === undefined || high.colour === low.colour) return { only: low.colour }
  let [before, after] = [low.place, high.place]
  for (;;) {
    const middle = await findFirstTestable(listFromMiddle(before, after))
    if (middle === undefined) break
    if (middle.colour === low.colour) before = middle.place
    else after = middle.place
  }
  const good = low.colour === 'good' ? 'before' : 'after'
  return { before: versions[before] as T, after: versions[after] as T, good }
}

function* countDown(from: number, until: number): Generator<number> {
  for (let place = from; place > until; place--) yield place
}

/** Yields the places between two places, from the middle outwards. */
function* listFromMiddle(low: number, high: number): Generator<number> {
  const middle = Math.floor((low + high) / 2)
  for (let away = 0; middle - away > low || middle + away < high; away++) {
    if (middle - away > low) yield middle - away
    if (away > 0 && middle + away < high) yield middle + away
  }
}
