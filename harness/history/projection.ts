/**
 * A view that is made once, however many invariants look at it: of a whole history, or of what is told of one. That is whole
 * when it is looked at, and nobody writes into a view.
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
