import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutAroundDifference, toDifferingJson } from './differing-texts.ts'
import { toShortJson } from './json.ts'

const long = 'The same words, again and again. '.repeat(9)

describe('toDifferingJson', () => {
  it('shows two long values around the first place in which they differ', () => {
    expect(toDifferingJson(`${long}It rains.${long}`, `${long}It snows.${long}`)).toEqual([
      '...again and again. It rains.The same words, again and again. The same words,...',
      '...again and again. It snows.The same words, again and again. The same words,...',
    ])
  })

  it('shows where the shorter one ends', () => {
    const [short, whole] = toDifferingJson(long, `${long}And more.`)
    expect(short).toBe('...s, again and again. "')
    expect(whole).toBe('...s, again and again. And more."')
  })

  it('shows short values whole, and values that differ near their beginning from the beginning', () => {
    expect(toDifferingJson({ a: 1 }, undefined)).toEqual(['{"a":1}', 'nothing'])
    expect(toDifferingJson(`1${long}`, `2${long}`)).toEqual([
      toShortJson(`1${long}`),
      toShortJson(`2${long}`),
    ])
  })

  it('never shows two different values alike, and cuts each to its length', () => {
    const texts = fc.tuple(
      fc.string({ maxLength: 200 }),
      fc.string({ maxLength: 200 }),
      fc.string({ maxLength: 200 }),
    )
    fc.assert(
      fc.property(texts, fc.integer({ min: 50, max: 120 }), ([same, one, other], length) => {
        const [a, b] = cutAroundDifference(same + one, same + other, length)
        expect(a === b).toBe(one === other)
        expect(Math.max(a.length, b.length)).toBeLessThanOrEqual(length)
      }),
    )
  })
})
