import { createRandom } from '../../mocks/service/random.ts'

/** Returns `count` elements in a random order, or all if there are fewer. The seed decides which, and their order. */
export function drawSample<T>(all: readonly T[], count: number, seed: number): T[] {
  const random = createRandom(`mutants ${seed}`)
  const left = [...all]
  const sample: T[] = []
  while (sample.length < count && left.length > 0) sample.push(...left.splice(random.below(left.length), 1))
  return sample
}
