/** The most letters by which a name may differ from the one that was meant (SERVICE-FACTS 15c: 2 gave a hint, 3 did not). */
const FAR = 2

/** Returns the names that differ from `name` in at most two letters, the nearest first. */
export function findNearNames(name: string, names: readonly string[]): string[] {
  return names
    .filter((other) => Math.abs(other.length - name.length) <= FAR)
    .map((other) => ({ other, distance: countEdits(name, other) }))
    .filter(({ distance }) => distance <= FAR)
    .sort((a, b) => a.distance - b.distance)
    .map(({ other }) => other)
}

/** Returns how many letters must be added, removed or replaced to make one text of the other. */
function countEdits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at)
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1]
    for (let at = 1; at <= to.length; at++) {
      const kept = (row[at - 1] ?? 0) + (letter === to[at - 1] ? 0 : 1)
      next.push(Math.min(kept, (row[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
