import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkOutcome, checkRun, checkTeam, checkUpdate } from './adapter-given.ts'
import { describeError } from './error-shape.ts'
import { AdapterFault } from './runtime.ts'

const cyclic: Record<string, unknown> = {}
cyclic['itself'] = cyclic

const run = { updates: (async function* () {})(), outcome: async () => ({}) }
const team = { start: () => run, close: async () => {} }

describe('what an adapter gives', () => {
  it.each<[string, (given: unknown) => unknown, readonly unknown[]]>([
    ['an outcome', (given) => checkOutcome(given, 'c0.t0'), [{ status: 'failed', text: '' }]],
    [
      'an update',
      (given) => checkUpdate(given, 'c0.t0'),
      [
        { kind: 'text', text: '' },
        { kind: 'item', type: 'message', id: 'a' },
        { kind: 'other', type: 'x' },
      ],
    ],
    ['a run', (given) => checkRun(given, 'c0.t0'), [run]],
    ['a team', checkTeam, [team]],
  ])('%s is taken as it is, and anything else is a fault of the adapter', (_, read, good) => {
    for (const given of good) expect(read(given)).toBe(given)
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.constantFrom(cyclic, 1n, undefined, null)), (given) => {
        expect(() => read(given)).toThrow(AdapterFault)
      }),
    )
  })

  it('is shown in the message', () => {
    expect(() => checkUpdate({ kind: 'text', text: 1 }, 'c0.t1')).toThrow(
      'updates of run c0.t1: found {"kind":"text","text":1}, expected an update',
    )
    expect(() => checkOutcome({ status: 'great', text: '' }, 'c0.t1')).toThrow(
      'expected a status of completed, ',
    )
  })
})

describe('errorShape', () => {
  it('gives a shape of anything that can be thrown', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: false }), (thrown) => {
        const { name, message } = describeError(thrown)
        expect([typeof name, typeof message]).toEqual(['string', 'string'])
      }),
    )
    const error = Object.assign(new TypeError('no'), { status: 400, code: 'bad', other: 1 })
    expect(describeError(error)).toEqual({ name: 'TypeError', message: 'no', status: 400, code: 'bad' })
    expect(describeError(Object.assign(new TypeError('no'), { name: '' })).name).toBe('')
  })
})
