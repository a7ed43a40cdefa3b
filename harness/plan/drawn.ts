import fc from 'fast-check'
import { hash32 } from '../../mocks/service/random.ts'
import type { Plan } from './types.ts'

/** So many plans are drawn at once: a hundred thousand of them need not lie in memory. */
const CHUNK = 64

/** Plans drawn one after the other, for ever; one seed and one name give one sequence, however far it is followed. */
export function* drawn(plans: fc.Arbitrary<Plan>, seed: number, name: string): Generator<Plan> {
  for (let chunk = 0; ; chunk++)
    yield* fc.sample(plans, { numRuns: CHUNK, seed: hash32(`${name} ${chunk}`, seed) | 0 })
}

/** The first so many of a sequence. */
export function* first<T>(count: number, of: Iterable<T>): Generator<T> {
  let taken = 0
  if (count > 0)
    for (const one of of) {
      yield one
      if (++taken >= count) return
    }
}

/** A sequence that is drawn once, as far as anybody follows it, and followed as often as one likes. */
export function repeatable<T>(of: Iterable<T>): Iterable<T> {
  const taken: T[] = []
  const rest = of[Symbol.iterator]()
  return {
    *[Symbol.iterator]() {
      for (let at = 0; ; at++) {
        if (at === taken.length) {
          const next = rest.next()
          if (next.done) return
          taken.push(next.value)
        }
        yield taken[at] as T
      }
    },
  }
}
