import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RecordingError } from '../mocks/recordings/problem.ts'
import { transportNames } from '../mocks/transports.ts'
import { type Counterexample, readCounterexample, writeCounterexample } from './counterexample.ts'
import { plans } from './plan/arbitraries/plan.ts'
import { writePlan } from './plan/codec.ts'

const counterexamples: fc.Arbitrary<Counterexample> = fc.record({
  schema: fc.constant(1 as const),
  runtime: fc.string(),
  version: fc.string(),
  scenario: fc.string(),
  invariant: fc.string(),
  transport: fc.constantFrom(...transportNames),
  violations: fc.array(fc.record({ message: fc.string(), at: fc.nat() })),
  ends: fc.array(fc.string()),
  plan: plans(),
})

describe('a counterexample', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(counterexamples, (one) => {
        expect(readCounterexample(writeCounterexample(one), 'file')).toEqual(one)
      }),
    )
  })

  it('may be a bare plan', () => {
    fc.assert(
      fc.property(plans(), (plan) => {
        expect(readCounterexample(writePlan(plan), 'file')).toEqual({ plan })
      }),
    )
  })

  it('is refused with its file and the place where a part of it is another', () => {
    const parts = ['schema', 'runtime', 'scenario', 'transport', 'violations', 'ends', 'plan'] as const
    fc.assert(
      fc.property(counterexamples, fc.constantFrom(...parts), (one, part) => {
        const text = JSON.stringify({ ...one, [part]: { not: 'it' } })
        expect(() => readCounterexample(text, 'some.json')).toThrow(/^some\.json: /)
      }),
    )
  })

  it('is refused where it is not JSON at all, and never anything but an error with a place', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(() => readCounterexample(text, 'some.json')).toThrow(RecordingError)
      }),
    )
  })
})
