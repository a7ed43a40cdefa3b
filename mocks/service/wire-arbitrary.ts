import fc from 'fast-check'
import type { Wire } from './types.ts'

/** Returns an arbitrary of legal ways to write a stream, with chunks of at most `chunk` bytes. */
export function arbitraryWires(chunk: number): fc.Arbitrary<Wire> {
  return fc.record(
    {
      chunk: fc.integer({ min: 1, max: chunk }),
      eol: fc.constantFrom('lf' as const, 'crlf' as const),
      comments: fc.constant(true as const),
      done: fc.constant(true as const),
      unknown: fc.constant(true as const),
      noSequence: fc.constant(true as const),
      obfuscation: fc.constant(true as const),
    } satisfies Record<keyof Wire, fc.Arbitrary<unknown>>,
    { requiredKeys: [] },
  )
}
