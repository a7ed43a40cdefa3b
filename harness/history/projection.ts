import type { History } from './events.ts'

/**
 * A view of a whole history that is made once, however many invariants look at it. A history is whole when it is looked
 * at, and nobody writes into a view.
 */
export function projection<View extends object>(
  view: (history: History) => View,
): (history: History) => View {
  const views = new WeakMap<History, View>()
  return (history) => {
    const known = views.get(history)
    if (known !== undefined) return known
    const made = view(history)
    views.set(history, made)
    return made
  }
}
