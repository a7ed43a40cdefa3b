/** What a version turned out to be. `untestable`: it could not be installed or loaded, or nothing could be said of it. */
export type Colour = 'good' | 'bad' | 'untestable'

/** Two neighbours of different colour, but for what could not be tested between them. */
export interface Border<T> {
  /** The last one, in the order given, that is as the first. */
  before: T
  /** The first one that is as the last. */
  after: T
  /** Which of both is good. */
  good: 'before' | 'after'
}

/**
 * Looks for the place where a list changes its colour: by halves, each version asked at most once, those that cannot be tested
 * gone around. Where both ends, as far as they can be tested, have one colour, or there are none, that is told instead.
 * Of several changes one is found.
 */
export async function borderIn<T>(
  versions: readonly T[],
  ask: (version: T) => Promise<Colour>,
): Promise<Border<T> | { only: Colour }> {
  const told = new Map<number, Colour>()
  const at = async (index: number) => {
    const colour = told.get(index) ?? (await ask(versions[index] as T))
    told.set(index, colour)
    return colour
  }
  /** The first of these places that can be tested. */
  const firstOf = async (places: Iterable<number>) => {
    for (const place of places) {
      const colour = await at(place)
      if (colour !== 'untestable') return { place, colour }
    }
    return undefined
  }
  const low = await firstOf(versions.keys())
  if (low === undefined) return { only: 'untestable' }
  const high = await firstOf(downFrom(versions.length - 1, low.place))
  if (high === undefined || high.colour === low.colour) return { only: low.colour }
  let [before, after] = [low.place, high.place]
  for (;;) {
    const middle = await firstOf(aroundMiddle(before, after))
    if (middle === undefined) break
    if (middle.colour === low.colour) before = middle.place
    else after = middle.place
  }
  const good = low.colour === 'good' ? 'before' : 'after'
  return { before: versions[before] as T, after: versions[after] as T, good }
}

function* downFrom(from: number, until: number): Generator<number> {
  for (let place = from; place > until; place--) yield place
}

/** What lies between two places, from the middle outwards. */
function* aroundMiddle(low: number, high: number): Generator<number> {
  const middle = Math.floor((low + high) / 2)
  for (let away = 0; middle - away > low || middle + away < high; away++) {
    if (middle - away > low) yield middle - away
    if (away > 0 && middle + away < high) yield middle + away
  }
}
