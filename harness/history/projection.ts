/**
 * Returns a function that computes its result once per argument, since many invariants ask for the same view. The
 * argument must be complete, and nobody may change the result.
 */
export function memoize<From extends object, View extends object>(
  view: (from: From) => View,
): (from: From) => View {
  const views = new WeakMap<From, View>()
  return (from) => {
    const known = views.get(from)
    if (known !== undefined) return known
    const made = view(from)
    views.set(from, made)
    return made
  }
}
