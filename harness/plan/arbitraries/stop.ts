import fc from 'fast-check'
import type { Capability } from '../../contract/runtime.ts'
import { stopNames } from '../schema.ts'
import { stopKinds } from '../stop-kinds.ts'
import type { Pull, Stop } from '../types.ts'

/**
 * Returns the kinds of stop that a turn can have. A JSON answer can only be aborted. A kind that leaves the run open needs
 * the last turn of its conversation.
 */
export function listPossibleStops(
  supports: ReadonlySet<Capability>,
  stream: boolean,
  last: boolean,
): Stop['how'][] {
  const ways = stopNames.filter(
    (how) => (stream || stopKinds[how].by === 'signal') && (last || stopKinds[how].isHeard),
  )
  return ways.filter((how) => supports.has(how))
}

/** Returns an arbitrary of stops. A consumer that never iterates gets no updates and cannot return. */
export function arbitraryStops(
  supports: ReadonlySet<Capability>,
  ways: readonly Stop['how'][],
  stream: boolean,
  pull: Pull,
): fc.Arbitrary<Stop> {
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
  // `return` counts twice, because turns with a stall or a hanging tool use only the other kinds. `drop` counts twice, because
  // only last turns have it.
  const all = [...how, ...how.filter((one) => one !== 'abort')]
  const once = fc.record({ how: fc.constantFrom(...all), after })
  if (!supports.has('signal')) return once
  const again = once.map((stop): Stop => (pulls && stop.how !== 'drop' ? { ...stop, again: true } : stop))
  const before = fc.constant<Stop>({ how: 'abort', after: { nothing: true } })
  return fc.oneof(
    { weight: 8, arbitrary: once },
    { weight: 7, arbitrary: again },
    ...(ways.includes('abort') ? [{ weight: 1, arbitrary: before }] : []),
  )
}
