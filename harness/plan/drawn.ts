import fc from 'fast-check'
import { hash32 } from '../../mocks/service/random.ts'
import type { Plan } from './types.ts'

/** Plans generated per batch, so that memory stays flat for large runs. */
const CHUNK = 64

/** Yields generated plans without end. The same seed and name give the same sequence. */
export function* drawPlans(plans: fc.Arbitrary<Plan>, seed: number, name: string): Generator<Plan> {
  for (let chunk = 0; ; chunk++)
    yield* fc.sample(plans, { numRuns: CHUNK, seed: hash32(`${name} ${chunk}`, seed) | 0 })
}

/** Yields the first `count` elements. */
export function* takeFirst<T>(count: number, of: Iterable<T>): Generator<T> {
  let taken = 0
  if (count > 0)
    for (const one of of) {
      yield one
      if (++taken >= count) return
    }
}

/** Returns an iterable that can be iterated many times. Each element is taken from the source once, when it is needed. */
export function makeRepeatable<T>(of: Iterable<T>): Iterable<T> {
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
