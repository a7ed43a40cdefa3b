import { createRandom } from '../../../mocks/service/random.ts'

/** Puts a seeded source in the place of `Math.random`, so that no back-off depends on chance. */
export function holdRandom(seed: string): { release(): void } {
  const own = Math.random
  const random = createRandom(seed)
  Math.random = () => random.next() / 0x1_0000_0000
  return {
    release() {
      Math.random = own
    },
  }
}
