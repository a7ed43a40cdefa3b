import fc from 'fast-check'
import type { Fault } from '../../../mocks/service/types.ts'

/**
 * Generates a place in a stream, as a number of events. A place beyond the end means just before the terminal event. The
 * start and the end are generated more often, because runtimes differ most there.
 */
export const streamPlaces = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: 2, max: 4 }) },
  // The deltas of most texts and arguments are here.
  { weight: 8, arbitrary: fc.integer({ min: 5, max: 18 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 30 }) },
  { weight: 3, arbitrary: fc.constant(99) },
)

/** Statuses after which a client retries. */
const retriedStatuses = fc.constantFrom(408, 409, 429, 500, 502, 503)
/** Statuses after which a client does not retry. */
const finalStatuses = fc.constantFrom(400, 401, 403, 404, 422)

/** Faults after which a client retries. */
const retriedFaults: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: fc.constant('http' as const), status: retriedStatuses }),
  fc.constant<Fault>({ kind: 'refuse-connection' }),
)

/**
 * Returns an arbitrary of the faults of one answer. `any`: one fault, sometimes after faults that a client retries.
 * `retried`: only faults that a client retries, so that the answer comes in the end.
 */
export function arbitraryFaults(stream: boolean, by: 'any' | 'retried' = 'any'): fc.Arbitrary<Fault[]> {
  const attempts = fc.array(retriedFaults, { minLength: 1, maxLength: 2 })
  if (by === 'retried') return attempts
  return fc.oneof(
    { weight: 6, arbitrary: arbitraryFault(stream).map((fault) => [fault]) },
    { weight: 1, arbitrary: attempts },
    {
      weight: 1,
      arbitrary: fc.tuple(attempts, arbitraryFault(stream)).map(([before, last]) => [...before, last]),
    },
  )
}

/** Returns an arbitrary of any fault but a stall. A stall lasts until its turn is stopped. */
function arbitraryFault(stream: boolean): fc.Arbitrary<Fault> {
  return fc.oneof(
    {
      weight: 1,
      arbitrary: fc.oneof(
        retriedFaults,
        fc.record({ kind: fc.constant('http' as const), status: finalStatuses }),
      ),
    },
    { weight: 6, arbitrary: fc.oneof(...placedFaults, ...(stream ? [errorEvent] : [])) },
  )
}

const at = streamPlaces
const code = fc.constantFrom('server_error', 'rate_limit_exceeded')

const errorEvent: fc.Arbitrary<Fault> = fc.record({
  kind: fc.constant('error-event' as const),
  at,
  form: fc.constantFrom('nested' as const, 'flat' as const),
  code,
})

/** Faults at a place in the answer. */
const placedFaults: fc.Arbitrary<Fault>[] = [
  fc.record({ kind: fc.constant('failed' as const), at, code }),
  // An incomplete answer stays in the conversation, whole or cut anywhere, so that it is generated more often.
  ...[at, fc.constant(99)].map((at) =>
    fc.record({
      kind: fc.constant('incomplete' as const),
      at,
      reason: fc.constantFrom('max_output_tokens', 'content_filter'),
    }),
  ),
  fc.record({ kind: fc.constant('eof' as const), at }),
  fc.record({ kind: fc.constant('reset' as const), at }),
  fc.record({
    kind: fc.constant('garbage' as const),
    at,
    data: fc.constantFrom('{"type":', 'upstream timeout', '<html>'),
  }),
]
