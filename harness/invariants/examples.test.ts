import { describe, expect, it } from 'vitest'
import type { History, HistoryEvent } from '../contract/events.ts'
import { comparedExamples, examples } from './examples/index.ts'
import { emptyPlan, readHeldExample } from './examples/types.ts'
import { comparisons, invariants } from './index.ts'
import type { Promised, Violation } from './types.ts'

const promises: readonly Promised[] = [...invariants, ...comparisons]

describe('the promises', () => {
  it('each have an id of their own, and no example is of none', () => {
    const ids = promises.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect([...Object.keys(examples), ...Object.keys(comparedExamples)].sort()).toEqual(ids.sort())
  })

  it.each(promises)('$id says what holds, and where that comes from', ({ id, statement, source, since }) => {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)+$/)
    expect(statement).toMatch(/^[A-Z].*\.$/)
    expect(source).toMatch(/https:\/\/|the recording itself/)
    expect(since).toMatch(/^\d+\.\d+\.\d+$/)
  })
})

describe.each(invariants)('$id', (invariant) => {
  const { holds = [], breaks = [] } = examples[invariant.id] ?? {}

  it('has histories that hold and histories that break', () => {
    expect(Math.min(holds.length, breaks.length)).toBeGreaterThan(0)
  })

  it.each(holds.map((held) => [readHeldExample(held)]))('holds in history %#', ({ history, plan }) => {
    expect(invariant.check(history, plan)).toEqual([])
  })

  it('is put to the test by an example that holds, and never by an empty history', () => {
    const witnesses = holds
      .map(readHeldExample)
      .map(({ history, plan }) => invariant.countWitnesses(history, plan))
    expect(Math.max(...witnesses)).toBeGreaterThan(0)
    expect(invariant.countWitnesses([], emptyPlan)).toBe(0)
  })

  it.each(breaks)('is broken: $says', ({ history, plan = emptyPlan, says, cause }) => {
    expectBroken(invariant.check(history, plan), says, history, cause)
  })

  it.each(['span-start', 'span-end'] as const)(
    'says nothing where a %s throws, unless the process is at stake',
    (part) => {
      const mode: HistoryEvent = { kind: 'mode', to: 'on', sabotage: { part, does: 'throw', nth: 0 } }
      for (const { history, plan = emptyPlan } of breaks) {
        if (invariant.id === 'process-survives') {
          expect(invariant.check([mode, ...history], plan)).toHaveLength(1)
          continue
        }
        expect(invariant.check([mode, ...history], plan)).toEqual([])
        expect(invariant.countWitnesses([mode, ...history], plan)).toBe(0)
      }
    },
  )

  it('says nothing of a process that ended, unless that is what it is about', () => {
    const found = invariant.check([{ kind: 'noise', what: 'exit', message: 'the process ended' }], emptyPlan)
    expect(found.length > 0).toBe(invariant.id === 'process-survives')
    expect(invariant.check([], emptyPlan)).toEqual([])
  })
})

describe.each(comparisons)('$id', (comparison) => {
  const { holds = [], breaks = [] } = comparedExamples[comparison.id] ?? {}

  it('has histories that hold and histories that break', () => {
    expect(Math.min(holds.length, breaks.length)).toBeGreaterThan(0)
  })

  it.each(holds.map((histories) => [histories]))('holds in histories %#', ({ own, others }) => {
    expect(comparison.compare(own, others, emptyPlan)).toEqual([])
    expect(comparison.countWitnesses(own, others, emptyPlan)).toBeGreaterThan(0)
  })

  it('is put to the test by nothing if no history has a run', () => {
    expect(comparison.countWitnesses([], [[]], emptyPlan)).toBe(0)
  })

  it.each(breaks)('is broken: $says', ({ histories: { own, others }, says }) => {
    expectBroken(comparison.compare(own, others, emptyPlan), says, own)
  })
})

/** Digits and ids tell one case from another, so they make two causes of one bug. */
const CAUSE = /^[a-zA-Z][a-zA-Z .,:_-]{2,100}$/

function expectBroken(
  violations: readonly Violation[],
  says: string,
  history: History,
  cause?: string,
): void {
  expect(violations.map(({ message }) => message).join('\n')).toContain(says)
  if (cause !== undefined) expect(violations.map((violation) => violation.cause)).toContain(cause)
  for (const violation of violations) expect(violation.cause).toMatch(CAUSE)
  for (const { at, message } of violations) {
    expect(history[at]).toBeDefined()
    expect(message).not.toMatch(/\n/)
  }
}
