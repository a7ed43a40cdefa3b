import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Colour, findBorder } from './border.ts'

interface List {
  first: 'good' | 'bad'
  before: boolean[]
  after: boolean[]
}

/** Generates versions of one colour, then of the other. Some cannot be tested. */
const lists: fc.Arbitrary<List> = fc.record({
  first: fc.constantFrom('good' as const, 'bad' as const),
  before: fc.array(fc.boolean(), { maxLength: 40 }),
  after: fc.array(fc.boolean(), { maxLength: 40 }),
})

function coloursOf({ first, before, after }: List): Colour[] {
  const then = first === 'good' ? 'bad' : 'good'
  return [
    ...before.map((testable): Colour => (testable ? first : 'untestable')),
    ...after.map((testable): Colour => (testable ? then : 'untestable')),
  ]
}

async function searched(colours: readonly Colour[]) {
  const asked: number[] = []
  const found = await findBorder([...colours.keys()], async (place) => {
    asked.push(place)
    return colours[place] as Colour
  })
  return { found, asked }
}

test('the border is where the colour changes, with only untestable versions between', async () => {
  await fc.assert(
    fc.asyncProperty(lists, async (list) => {
      const colours = coloursOf(list)
      const { found } = await searched(colours)
      const before = colours.lastIndexOf(list.first)
      const after = colours.findIndex((colour) => colour !== list.first && colour !== 'untestable')
      if (before !== -1 && after !== -1) {
        expect(found).toEqual({ before, after, good: list.first === 'good' ? 'before' : 'after' })
      } else {
        const only = colours.find((colour) => colour !== 'untestable') ?? 'untestable'
        expect(found).toEqual({ only })
      }
    }),
  )
})

test('each version is tested at most once, and only as many as a search by halves needs', async () => {
  await fc.assert(
    fc.asyncProperty(lists, async (list) => {
      const colours = coloursOf(list)
      const { asked } = await searched(colours)
      expect(new Set(asked).size).toBe(asked.length)
      if (colours.includes('untestable') || colours.length < 2) return
      expect(asked.length).toBeLessThanOrEqual(Math.ceil(Math.log2(colours.length)) + 2)
    }),
  )
})

test('for any colours, the result is a change of colour', async () => {
  const any = fc.array(fc.constantFrom<Colour>('good', 'bad', 'untestable'), { maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(any, async (colours) => {
      const { found } = await searched(colours)
      if ('only' in found) return
      const [good, bad] = found.good === 'before' ? [found.before, found.after] : [found.after, found.before]
      expect([colours[good], colours[bad]]).toEqual(['good', 'bad'])
      expect(colours.slice(found.before + 1, found.after).every((one) => one === 'untestable')).toBe(true)
    }),
  )
})
