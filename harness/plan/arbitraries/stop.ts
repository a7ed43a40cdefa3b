import fc from 'fast-check'
import type { Capability } from '../../contract/runtime.ts'
import { stopNames } from '../schema.ts'
import { stopKinds } from '../stop-kinds.ts'
import type { Pull, Stop } from '../types.ts'

/** The ways in which this turn may be stopped: a JSON answer has nothing to return from, a dropped run has no next turn. */
export function waysOfStopping(
  supports: ReadonlySet<Capability>,
  stream: boolean,
  last: boolean,
): Stop['how'][] {
  const ways = stopNames.filter(
    (how) => (stream || stopKinds[how].by === 'signal') && (last || stopKinds[how].isHeard),
  )
  return ways.filter((how) => supports.has(how))
}

/** When a run is stopped, by what has been seen of it: who never pulls sees no updates, and has nothing to return from. */
export function stops(ways: readonly Stop['how'][], stream: boolean, pull: Pull): fc.Arbitrary<Stop> {
  const pulls = stream && pull !== 'final-only'
  const small = fc.integer({ min: 0, max: 3 })
  const after: fc.Arbitrary<Stop['after']> = fc.oneof(
    fc.record({ toolStarts: fc.integer({ min: 1, max: 2 }) }),
    fc.record({
      request: fc.integer({ min: 0, max: 1 }),
      events: stream ? fc.integer({ min: 0, max: 14 }) : fc.constant(0),
    }),
    ...(pulls ? [fc.record({ updates: small })] : []),
  )
  const how = ways.filter((one) => pulls || one !== 'return')
  // The other ways also come up where an answer falls silent or a tool hangs.
  const all = [...how, ...how.filter((one) => one === 'return')]
  return fc.record({ how: fc.constantFrom(...all), after })
}
