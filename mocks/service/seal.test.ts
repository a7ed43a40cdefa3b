import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from './random.ts'
import { createSeal } from './seal.ts'

describe('a sealed token', () => {
  it('is verified by its own service only, and only unaltered', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.nat(),
        fc.constantFrom('A', '0', 'z', ''),
        (seed, other, place, letter) => {
          const seal = createSeal(seed, createRandom(seed))
          const token = seal.makeSeal()
          expect(seal.isSealValid(token)).toBe(true)
          expect(token).toMatch(/^gAAAAAB[\w-]{180,}$/)
          if (other !== seed) expect(createSeal(other, createRandom(other)).isSealValid(token)).toBe(false)
          const at = place % token.length
          const altered = token.slice(0, at) + letter + token.slice(at + 1)
          expect(seal.isSealValid(altered)).toBe(altered === token)
        },
      ),
    )
  })
})
