import fc from 'fast-check'
import type { Fault } from '../../../mocks/service/types.ts'

/**
 * A place in a stream: before its first event, anywhere in it, or beyond its end, which means just before the terminal
 * event. The edges are drawn more often than the places between them: there is where runtimes differ.
 */
export const places = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  // Here lie the deltas of most texts and arguments.
  { weight: 8, arbitrary: fc.integer({ min: 5, max: 18 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 30 }) },
  { weight: 3, arbitrary: fc.constant(99) },
)

/** Statuses that a client retries, and statuses that it does not. */
const retried = fc.constantFrom(408, 409, 429, 500, 502, 503)
const final = fc.constantFrom(400, 401, 403, 404, 422)

/** What a client meets that asks again. */
const passing: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: fc.constant('http' as const), status: retried }),
  fc.constant<Fault>({ kind: 'refuse-connection' }),
)

/**
 * What spoils an answer: one fault, sometimes after others at which a client asks again; or these alone, where the answer
 * is to come in the end.
 */
export function spoiling(stream: boolean, by: 'any' | 'passing' = 'any'): fc.Arbitrary<Fault[]> {
  const attempts = fc.array(passing, { minLength: 1, maxLength: 2 })
  if (by === 'passing') return attempts
  return fc.oneof(
    { weight: 6, arbitrary: faults(stream).map((fault) => [fault]) },
    { weight: 1, arbitrary: attempts },
    { weight: 1, arbitrary: fc.tuple(attempts, faults(stream)).map(([before, last]) => [...before, last]) },
  )
}

/** Any fault that ends by itself: all but a stall, which needs a stop in its turn. */
function faults(stream: boolean): fc.Arbitrary<Fault> {
  return fc.oneof(
    {
      weight: 1,
      arbitrary: fc.oneof(passing, fc.record({ kind: fc.constant('http' as const), status: final })),
    },
    { weight: 6, arbitrary: fc.oneof(...placed, ...(stream ? [errorEvent] : [])) },
  )
}

const at = places
const code = fc.constantFrom('server_error', 'rate_limit_exceeded')

const errorEvent: fc.Arbitrary<Fault> = fc.record({
  kind: fc.constant('error-event' as const),
  at,
  form: fc.constantFrom('nested' as const, 'flat' as const),
  code,
})

/** Faults that strike at a place in the answer. */
const placed: fc.Arbitrary<Fault>[] = [
  fc.record({ kind: fc.constant('failed' as const), at, code }),
  fc.record({
    kind: fc.constant('incomplete' as const),
    at,
    reason: fc.constantFrom('max_output_tokens', 'content_filter'),
  }),
  fc.record({ kind: fc.constant('eof' as const), at }),
  fc.record({ kind: fc.constant('reset' as const), at }),
  fc.record({
    kind: fc.constant('garbage' as const),
    at,
    data: fc.constantFrom('{"type":', 'upstream timeout', '<html>'),
  }),
]
