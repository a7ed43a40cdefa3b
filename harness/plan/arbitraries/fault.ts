import fc from 'fast-check'
import type { Fault } from '../../../mocks/service/types.ts'

/** A place in a stream; beyond its end means just before the terminal event. */
const at = fc.integer({ min: 0, max: 24 })

/** Statuses that a client retries, and statuses that it does not. */
const status = fc.constantFrom(400, 401, 403, 404, 408, 409, 422, 429, 500, 502, 503)

/** Any fault that ends by itself: all but a stall, which needs a stop in its turn. */
export function faults(stream: boolean): fc.Arbitrary<Fault> {
  return fc.oneof(
    fc.record({ kind: fc.constant('http' as const), status }),
    fc.constant<Fault>({ kind: 'refuse-connection' }),
    fc.record({
      kind: fc.constant('failed' as const),
      at,
      code: fc.constantFrom('server_error', 'rate_limit_exceeded'),
    }),
    fc.record({
      kind: fc.constant('incomplete' as const),
      at,
      reason: fc.constantFrom('max_output_tokens', 'content_filter'),
    }),
    fc.record({ kind: fc.constantFrom('eof' as const, 'reset' as const), at }),
    fc.record({
      kind: fc.constant('garbage' as const),
      at,
      data: fc.constantFrom('{"type":', 'upstream timeout', '<html>'),
    }),
    ...(stream
      ? [
          fc.record({
            kind: fc.constant('error-event' as const),
            at,
            form: fc.constantFrom('nested' as const, 'flat' as const),
            code: fc.constantFrom('server_error', 'rate_limit_exceeded'),
          }),
        ]
      : []),
  )
}
