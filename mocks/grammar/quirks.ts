import type { Quirk, Rule } from './types.ts'

/** Notes the first event that shows a quirk, and counts how often the quirk shows. */
export function noteQuirk(quirks: Map<string, Quirk>, named: Rule, at: number, message: string): void {
  const known = quirks.get(named.id)
  if (known) known.times++
  else quirks.set(named.id, { quirk: named.id, at, message, times: 1 })
}
