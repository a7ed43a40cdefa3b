/**
 * Adds items to the end of a list. Use it for lists of any length: `push(...items)` passes each item as an argument,
 * and some hundred thousand arguments exhaust the stack.
 */
export function append<T>(list: T[], items: Iterable<T>): void {
  for (const item of items) list.push(item)
}
