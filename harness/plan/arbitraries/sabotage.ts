import fc from 'fast-check'
import { sabotagePairs } from '../schema.ts'
import type { Sabotage } from '../types.ts'

/** The parts of the telemetry that the harness can break in every runtime with spans. */
export const spanParts = ['exporter', 'span-start', 'span-end'] as const satisfies Sabotage['part'][]

/** The parts that concern the hooks that telemetry registers: to register, to lose and to release them. */
export const hookParts = ['hook-register', 'hook-lost', 'hook-release'] as const satisfies Sabotage['part'][]

/** The highest `nth`. Most plans use a part less often. */
const LATEST = 7

/** The highest `nth` of a release. Hooks are released all at once, by the last run that needs them, so releases are few. */
const LATEST_RELEASE = 2

/** Returns an arbitrary of one sabotage of these parts. All legal pairs of a part and its misbehaviour are equally likely. */
export function arbitrarySabotages(parts: readonly Sabotage['part'][]): fc.Arbitrary<Sabotage> {
  const pairs = parts.flatMap((part) => sabotagePairs[part].map((does) => ({ part, does })))
  return fc
    .constantFrom(...pairs)
    .chain((pair) =>
      fc
        .integer({ min: 0, max: pair.part === 'hook-release' ? LATEST_RELEASE : LATEST })
        .map((nth) => ({ ...pair, nth })),
    )
}
