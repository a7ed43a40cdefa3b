import fc from 'fast-check'
import type { Wire } from '../../../mocks/service/types.ts'

/** Legal ways of writing a stream, mostly the service's own. */
export const wires: fc.Arbitrary<Wire> = fc.record(
  {
    chunk: fc.integer({ min: 1, max: 64 }),
    eol: fc.constantFrom('lf' as const, 'crlf' as const),
    comments: fc.constant(true as const),
    done: fc.constant(true as const),
    unknown: fc.constant(true as const),
    noSequence: fc.constant(true as const),
    obfuscation: fc.constant(true as const),
  },
  { requiredKeys: [] },
)
