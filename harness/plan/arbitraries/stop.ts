import fc from 'fast-check'
import type { Capability } from '../../runtime.ts'
import type { Stop } from '../types.ts'

/** The ways in which this turn may be stopped: a JSON answer has nothing to return from, a dropped run has no next turn. */
export function waysOfStopping(
  supports: ReadonlySet<Capability>,
  stream: boolean,
  last: boolean,
): Stop['how'][] {
  const ways: Stop['how'][] = stream ? ['abort', 'return', ...(last ? ['drop' as const] : [])] : ['abort']
  return ways.filter((how) => supports.has(how))
}

/** When a run is stopped, by what has been seen of it. */
export function stops(ways: readonly Stop['how'][], stream: boolean): fc.Arbitrary<Stop> {
  const small = fc.integer({ min: 0, max: 3 })
  const after: fc.Arbitrary<Stop['after']> = fc.oneof(
    fc.record({ toolStarts: fc.integer({ min: 1, max: 2 }) }),
    fc.record({
      request: fc.integer({ min: 0, max: 1 }),
      events: stream ? fc.integer({ min: 0, max: 14 }) : fc.constant(0),
    }),
    ...(stream ? [fc.record({ updates: small })] : []),
  )
  return fc.record({ how: fc.constantFrom(...ways), after })
}
