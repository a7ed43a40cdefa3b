import fc from 'fast-check'
import { expect } from 'vitest'
import { findLeak } from './find-leak.ts'
import { planted, writeScrubbed } from './planted-secrets.ts'

/** Asserts that no written file holds its planted secret. Prints the seed, which repeats the run. */
export function expectNoLeaks(numRuns: number, seed = Math.floor(Math.random() * 2 ** 31)): void {
  console.log(`planted secrets: ${numRuns} runs with seed ${seed}`)
  fc.assert(
    fc.property(planted, ({ secret, place, seen }) => {
      const { text, recordings } = writeScrubbed([seen])
      expect([place, findLeak(text, recordings, secret)]).toEqual([place, undefined])
    }),
    { numRuns, seed },
  )
}
