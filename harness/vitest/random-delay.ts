import { createRandom } from '../../mocks/service/random.ts'

const { setTimeout } = globalThis

/** The longest delay in milliseconds. */
const LONGEST = 5

/** Returns a function that waits for a random time of at most 5 milliseconds. One seed always gives the same times. */
export function createRandomDelay(seed: number): () => Promise<void> {
  const random = createRandom(`delays ${seed}`)
  return () => new Promise((resolve) => setTimeout(resolve, random.below(LONGEST + 1)))
}
