import fc from 'fast-check'
import { expect, test } from 'vitest'
import { drawSample } from './draw-sample.ts'

const lists = fc.uniqueArray(fc.integer(), { maxLength: 50 })

test('a sample has the asked number of different elements, and the seed decides which', () => {
  fc.assert(
    fc.property(lists, fc.nat(60), fc.nat(), (all, count, seed) => {
      const sample = drawSample(all, count, seed, String)
      expect(sample).toEqual(drawSample(all, count, seed, String))
      expect(new Set(sample).size).toBe(Math.min(count, all.length))
      expect(all).toEqual(expect.arrayContaining(sample))
    }),
  )
})

test('a smaller sample is the beginning of a larger one', () => {
  fc.assert(
    fc.property(lists, fc.nat(60), fc.nat(60), fc.nat(), (all, few, more, seed) => {
      expect(drawSample(all, few + more, seed, String).slice(0, few)).toEqual(
        drawSample(all, few, seed, String),
      )
    }),
  )
})

test('another seed gives another sample', () => {
  const all = Array.from({ length: 100 }, (_, at) => at)
  expect(drawSample(all, 20, 1, String)).not.toEqual(drawSample(all, 20, 2, String))
})

test('an element that is removed changes no other part of the order', () => {
  fc.assert(
    fc.property(lists, fc.nat(), (all, seed) => {
      const [removed, ...rest] = all
      const order = drawSample(all, all.length, seed, String)
      expect(drawSample(rest, rest.length, seed, String)).toEqual(order.filter((one) => one !== removed))
    }),
  )
})
