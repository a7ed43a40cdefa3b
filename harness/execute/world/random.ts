import { createRandom } from '../../../mocks/service/random.ts'

/** Replaces `Math.random` by a seeded source, so that no retry delay depends on chance. */
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
