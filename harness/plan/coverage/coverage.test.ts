import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mixedPlans } from '../arbitraries/everything.ts'
import { listNeededCapabilities } from '../needs.ts'
import type { Plan } from '../types.ts'
import { CHOSEN, chooseByCoverage } from './choose.ts'
import { countCoverage, findGaps } from './count.ts'
import { buildUniverse } from './universe.ts'
import { viewPlan } from './view.ts'
import type { Word } from './word.ts'
import { words } from './words.ts'

/** Returns a plan that only the words of these tests read. */
const planOf = (seed: string) => ({ seed, team: [], conversations: [] }) as unknown as Plan

/** A word with the letters of a plan's seed that are among `values`. */
const wordOf = (name: string, values: string, more: Partial<Word> = {}): Word => ({
  name,
  values: Object.fromEntries([...values].map((value) => [value, []])),
  read: ({ plan: { seed } }) => [...seed].filter((letter) => values.includes(letter)),
  ...more,
})

const small = [wordOf('first', 'abc'), wordOf('second', 'xy')]
const universe = buildUniverse(small, new Set(), {}, [])

describe('the words', () => {
  it('read only values that they list, and a value needs no capability that its plan does not need', () => {
    fc.assert(
      fc.property(mixedPlans, (plan) => {
        const view = viewPlan(plan)
        const needed = new Set<string>(listNeededCapabilities(plan))
        for (const { name, values, read } of words)
          for (const value of read(view)) {
            expect(Object.keys(values), name).toContain(value)
            // A stop of any kind is counted as if it needed `abort`, and any tool that waits needs a stop.
            const lacking = (values[value] ?? []).filter((need) => need !== 'abort' && !needed.has(need))
            expect(lacking, `${name}: ${value}`).toEqual([])
          }
      }),
      { numRuns: 60 },
    )
  })

  it('have names of their own, and their groups are groups of values', () => {
    expect(new Set(words.map(({ name }) => name)).size).toBe(words.length)
    for (const { values, groups = {} } of words)
      for (const value of Object.keys(groups)) expect(Object.keys(values)).toContain(value)
  })
})

describe('buildUniverse', () => {
  it('has all values and all pairs, without those that the runtime, the scenario or a rule excludes', () => {
    expect([...universe.pairs]).toHaveLength(6)
    const few = buildUniverse(
      [wordOf('first', 'abc', { values: { a: [], b: [], c: ['stream'] } }), wordOf('second', 'xy')],
      new Set(),
      { 'first: b + second: y': 'the scenario says so' },
      [
        {
          why: 'a rule says so',
          excludes: (first, second) => first === 'first: a' && second === 'second: x',
        },
      ],
    )
    expect([...few.values]).toEqual(['first: a', 'first: b', 'second: x', 'second: y'])
    expect([...few.pairs]).toEqual(['first: a + second: y', 'first: b + second: x'])
    expect(Object.fromEntries(few.leftOut)).toEqual({
      'first: c': 'the runtime does not declare stream',
      'first: b + second: y': 'the scenario says so',
      'first: a + second: x': 'a rule says so',
    })
  })

  it.each(['third', 'first: z', 'second: x + first: a'])(
    'refuses to leave out %s, which does not exist',
    (label) => {
      expect(() => buildUniverse(small, new Set(), { [label]: 'no reason' })).toThrow(
        `leavesOut: found "${label}"`,
      )
    },
  )
})

describe('countCoverage and findGaps', () => {
  it('count plans, not places, and tell what is missing', () => {
    const counts = countCoverage(small, ['aaxy', 'b', 'bx'].map(planOf))
    expect(counts.plans).toBe(3)
    expect(Object.fromEntries(counts.values)).toEqual({
      'first: a': 1,
      'first: b': 2,
      'second: x': 2,
      'second: y': 1,
    })
    expect(findGaps(universe, counts)).toEqual({
      values: ['first: c'],
      pairs: ['first: b + second: y'],
      impliedPairs: 2,
      unexpected: [],
    })
  })

  it('tell what occurs although it is left out', () => {
    const without = buildUniverse(small, new Set(), { 'first: a': 'no reason' }, [])
    expect(findGaps(without, countCoverage(small, [planOf('ax')])).unexpected).toEqual(['first: a'])
  })

  it('have groups in pairs, and no pairs of an unpaired word', () => {
    const grouped = [
      wordOf('first', 'abc', { groups: { a: 'ab', b: 'ab' } }),
      wordOf('second', 'xy'),
      wordOf('third', 'z', { unpaired: 'it is alone' }),
    ]
    const { pairs } = countCoverage(grouped, [planOf('abxz')])
    expect(Object.fromEntries(pairs)).toEqual({ 'first: ab + second: x': 1 })
    expect(buildUniverse(grouped, new Set(), {}, []).pairs.size).toBe(4)
  })

  it('refuse a value that the word does not list', () => {
    const wrong = { ...wordOf('first', 'a'), read: () => ['q'] }
    expect(() => countCoverage([wrong], [planOf('')])).toThrow(
      'the word "first": found the value "q", expected one of a',
    )
  })
})

describe('chooseByCoverage', () => {
  const seeds = (plans: Iterable<Plan>) => [...plans].map(({ seed }) => seed)

  it('takes the plan of the pool with what is new', () => {
    expect(seeds(chooseByCoverage(small, ['a', 'a', 'a', 'bx'].map(planOf), 4))).toEqual([
      'bx',
      'a',
      'a',
      'a',
    ])
  })

  it('keeps in the pool what was not chosen', () => {
    expect(seeds(chooseByCoverage(small, ['a', 'bx', 'bx', 'bx'].map(planOf), 2))).toEqual([
      'bx',
      'a',
      'bx',
      'bx',
    ])
  })

  it('takes every drawn plan after the chosen ones', () => {
    const drawn = Array.from({ length: 4 * CHOSEN + 3 }, (_, at) => planOf(`a${at}`))
    expect(seeds(chooseByCoverage(small, drawn, 4)).slice(-4)).toEqual(['a99', 'a400', 'a401', 'a402'])
  })

  it('prefers what is rare among the drawn plans', () => {
    const common = Array.from({ length: 7 }, () => planOf('ax'))
    const drawn = [...common, planOf('b'), ...common, planOf('c')]
    const [first, second] = chooseByCoverage(small, drawn, 8)
    expect([first?.seed, second?.seed]).toEqual(['b', 'c'])
  })
})
