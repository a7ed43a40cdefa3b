import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitraryPlans } from './arbitraries/plan.ts'
import { drawPlans, makeRepeatable, takeFirst } from './drawn.ts'

const some = (count: number, seed: number, name = 'some') => [
  ...takeFirst(count, drawPlans(arbitraryPlans(), seed, name)),
]

describe('drawPlans', () => {
  it('gives the same sequence for the same seed and name', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 0, max: 70 }), (seed, count) => {
        const sequence = some(70, seed)
        expect(some(count, seed)).toEqual(sequence.slice(0, count))
      }),
      { numRuns: 10 },
    )
  })

  it('gives another sequence for another seed or name', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        expect(some(3, seed)).not.toEqual(some(3, seed + 1))
        expect(some(3, seed)).not.toEqual(some(3, seed, 'other'))
      }),
      { numRuns: 10 },
    )
  })
})

describe('takeFirst', () => {
  it('yields `count` elements and takes no more from the source', () => {
    fc.assert(
      fc.property(fc.nat({ max: 20 }), fc.nat({ max: 20 }), (count, length) => {
        let asked = 0
        function* numbers() {
          for (let number = 0; number < length; number++) {
            asked++
            yield number
          }
        }
        const given = [...takeFirst(count, numbers())]
        expect(given).toEqual(Array.from({ length: Math.min(count, length) }, (_, number) => number))
        expect(asked).toBe(Math.min(count, length))
      }),
    )
  })
})

describe('makeRepeatable', () => {
  it('can be iterated many times, and takes each element from the source only once', () => {
    fc.assert(
      fc.property(fc.nat({ max: 20 }), fc.array(fc.nat({ max: 30 })), (length, counts) => {
        let asked = 0
        function* numbers() {
          for (let number = 0; number < length; number++) {
            asked++
            yield number
          }
        }
        const sequence = makeRepeatable(numbers())
        const all = Array.from({ length }, (_, number) => number)
        for (const count of counts) expect([...takeFirst(count, sequence)]).toEqual(all.slice(0, count))
        expect(asked).toBe(Math.min(length, Math.max(0, ...counts)))
      }),
    )
  })
})
