import type { Standing } from './gates.ts'

/**
 * Returns the conversation whose gate a step opens, or undefined when no conversation is left.
 *
 * `delivery[step]` is its number, modulo the number of conversations. If that one has ended or is skipped, the next higher one is
 * picked that is not, and after the highest the lowest. Past the end of `delivery` the lowest one is picked. `skipped` holds
 * conversations that came to no gate since one was last opened; within `delivery` one of them is picked if all are skipped.
 */
export function chooseNextConversation(
  standing: readonly Standing[],
  delivery: readonly number[],
  step: number,
  skipped: ReadonlySet<number>,
): number | undefined {
  const alive = [...standing.keys()].filter((conversation) => standing[conversation] !== 'ended')
  const able = alive.filter((conversation) => !skipped.has(conversation))
  const drawn = delivery[step]
  if (drawn === undefined) return able[0]
  const choice = able.length > 0 ? able : alive
  return choice.find((conversation) => conversation >= drawn % standing.length) ?? choice[0]
}
