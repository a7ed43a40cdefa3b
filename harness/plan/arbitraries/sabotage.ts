import fc from 'fast-check'
import { sabotagePairs } from '../schema.ts'
import type { Sabotage } from '../types.ts'

/** What of a runtime's telemetry every harness can break, whatever it is made of. */
export const spanParts = ['exporter', 'span-start', 'span-end'] as const satisfies Sabotage['part'][]

/** The hooks that telemetry registers with what it watches: registering, losing and releasing them. */
export const hookParts = ['hook-register', 'hook-lost', 'hook-release'] as const satisfies Sabotage['part'][]

/** So often, at most, has a part been used when it strikes: later, most plans have no use of it. */
const LATEST = 7

/** Hooks are released all at once, by the last run that needs them. */
const LATEST_RELEASE = 2

/** One legal sabotage of these parts, the pairs of a part and what it does all as likely. */
export function sabotages(parts: readonly Sabotage['part'][]): fc.Arbitrary<Sabotage> {
  const pairs = parts.flatMap((part) => sabotagePairs[part].map((does) => ({ part, does })))
  return fc
    .constantFrom(...pairs)
    .chain((pair) =>
      fc
        .integer({ min: 0, max: pair.part === 'hook-release' ? LATEST_RELEASE : LATEST })
        .map((nth) => ({ ...pair, nth })),
    )
}
