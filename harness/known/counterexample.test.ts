import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RecordingError } from '../../mocks/recordings/problem.ts'
import { ID } from '../../mocks/recordings/types.ts'
import { transportNames } from '../../mocks/transports.ts'
import { isLabel } from '../contract/label.ts'
import { arbitraryPlans } from '../plan/arbitraries/plan.ts'
import { formatPlan } from '../plan/codec.ts'
import { createPlainPlan } from '../testing/plans.ts'
import { type Counterexample, formatCounterexample, readCounterexample } from './counterexample.ts'

const ids = fc.stringMatching(ID)

const counterexamples: fc.Arbitrary<Counterexample> = fc.record({
  schema: fc.constant(1 as const),
  runtime: fc.string({ minLength: 1 }).filter(isLabel),
  version: fc.string().filter(isLabel),
  scenario: fc.oneof(
    ids,
    fc.tuple(ids, ids).map(([name, id]) => `${name}/${id}`),
  ),
  invariant: ids,
  transport: fc.constantFrom(...transportNames),
  violations: fc.array(fc.record({ message: fc.string(), at: fc.nat(), cause: fc.string() })),
  ends: fc.array(fc.string()),
  plan: arbitraryPlans(),
})

describe('a counterexample', () => {
  it('can be written and read back', () => {
    fc.assert(
      fc.property(counterexamples, (one) => {
        expect(readCounterexample(formatCounterexample(one), 'file')).toEqual(one)
      }),
    )
  })

  it('can be a plan alone', () => {
    fc.assert(
      fc.property(arbitraryPlans(), (plan) => {
        expect(readCounterexample(formatPlan(plan), 'file')).toEqual({ plan })
      }),
    )
  })

  it('is refused with its file and the place of the wrong part', () => {
    const parts = ['schema', 'runtime', 'scenario', 'transport', 'violations', 'ends', 'plan'] as const
    fc.assert(
      fc.property(counterexamples, fc.constantFrom(...parts), (one, part) => {
        const text = JSON.stringify({ ...one, [part]: { not: 'it' } })
        expect(() => readCounterexample(text, 'some.json')).toThrow(/^some\.json: /)
      }),
    )
  })

  it('is refused with a place for any text that is not JSON', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(() => readCounterexample(text, 'some.json')).toThrow(RecordingError)
      }),
    )
  })

  const sound: Counterexample = {
    schema: 1,
    runtime: 'reference',
    version: '0.1.0',
    scenario: 'sessions',
    invariant: 'calls-answered',
    transport: 'fetch',
    violations: [],
    ends: [],
    plan: createPlainPlan(),
  }

  it.each([
    ['a runtime of no name', { runtime: '' }, '$.runtime'],
    ['a runtime of two lines', { runtime: 'a\n--runtime ./evil' }, '$.runtime'],
    ['a runtime that repaints a terminal', { runtime: '\u001b[2J' }, '$.runtime'],
    ['a runtime of a thousand letters', { runtime: 'a'.repeat(1_000) }, '$.runtime'],
    ['a version of two lines', { version: '1.0.0\n2.0.0' }, '$.version'],
    ['a version that is no text', { version: 1 }, '$.version'],
    ['a scenario that is a path', { scenario: '../../etc/passwd' }, '$.scenario'],
    ['a scenario that is an absolute path', { scenario: '/etc/passwd' }, '$.scenario'],
    ['a case that is a path', { scenario: 'recordings/../x' }, '$.scenario'],
    ['a case in a case', { scenario: 'recordings/a/b' }, '$.scenario'],
    ['a scenario that is an option', { scenario: '--runs' }, '$.scenario'],
    ['a scenario of two lines', { scenario: 'sessions\n' }, '$.scenario'],
    ['a case of 129 letters', { scenario: `recordings/${'a'.repeat(129)}` }, '$.scenario'],
    ['a case spelt with letters that look alike', { scenario: 'recordings/\u0430' }, '$.scenario'],
    ['an invariant that is a path', { invariant: '../x' }, '$.invariant'],
    ['an invariant of no name', { invariant: '' }, '$.invariant'],
  ])('is refused for %s', (_, part, place) => {
    expect(() => readCounterexample(JSON.stringify({ ...sound, ...part }), 'some.json')).toThrow(
      `some.json: ${place}: found `,
    )
  })

  it.each([
    ['violations', {}],
    ['ends', 1],
    ['timeline', {}],
  ])('is refused for more than 10,000 %s, before each of them is looked at', (key, entry) => {
    const text = JSON.stringify({ ...sound, [key]: Array.from({ length: 10_001 }, () => entry) })
    expect(() => readCounterexample(text, 'some.json')).toThrow(
      `some.json: $.${key}: found a list of 10001, expected at most 10000`,
    )
  })

  it.each(['@scope/x', 'my runtime', './evil', '/tmp/evil', 'reference+history-cut', 'Laufzeit für Agenten'])(
    'may be of a runtime that calls itself %s: a name is only shown',
    (runtime) => {
      expect(readCounterexample(JSON.stringify({ ...sound, runtime }), 'file').runtime).toBe(runtime)
    },
  )
})
