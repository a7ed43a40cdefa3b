import type { Quirk, Rule } from './types.ts'

/** Notes a quirk where it shows first, and counts it after that. */
export function quirkNoted(quirks: Map<string, Quirk>, named: Rule, at: number, message: string): void {
  const known = quirks.get(named.id)
  if (known) known.times++
  else quirks.set(named.id, { quirk: named.id, at, message, times: 1 })
}
