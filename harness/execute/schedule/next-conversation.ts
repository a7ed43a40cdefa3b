import type { Standing } from './gates.ts'

/**
 * Returns the conversation whose gate a step opens, or undefined when no conversation is left.
 *
 * `delivery[step]` picks it, counted modulo the conversations that have not ended. Past the end of `delivery` the lowest
 * number is picked. `skipped` holds conversations that came to no gate since one was last opened: past the end of
 * `delivery` they are passed over.
 */
export function chooseNextConversation(
  standing: readonly Standing[],
  delivery: readonly number[],
  step: number,
  skipped: ReadonlySet<number>,
): number | undefined {
  const drawn = delivery[step]
  if (drawn === undefined)
    for (const [conversation, stands] of standing.entries()) {
      if (stands !== 'ended' && !skipped.has(conversation)) return conversation
    }
  else {
    const alive = [...standing.keys()].filter((conversation) => standing[conversation] !== 'ended')
    if (alive.length > 0) return alive[drawn % alive.length]
  }
  return undefined
}
