import { describe, expect, it } from 'vitest'
import type { History, HistoryEvent } from '../contract/events.ts'
import { comparedExamples, examples } from './examples/index.ts'
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

  it.each(holds.map((history) => [history]))('holds in history %#', (history) => {
    expect(invariant.check(history)).toEqual([])
  })

  it.each(breaks)('is broken: $says', ({ history, says }) => {
    expectBroken(invariant.check(history), says, history)
  })

  it.each(['span-start', 'span-end'] as const)('says nothing where a %s throws', (part) => {
    const mode: HistoryEvent = { kind: 'mode', to: 'on', sabotage: { part, does: 'throw', nth: 0 } }
    for (const { history } of breaks) expect(invariant.check([mode, ...history])).toEqual([])
  })

  it('says nothing of a process that ended, unless that is what it is about', () => {
    const found = invariant.check([{ kind: 'noise', what: 'exit', message: 'the process ended' }])
    expect(found.length > 0).toBe(invariant.id === 'process-survives')
    expect(invariant.check([])).toEqual([])
  })
})

describe.each(comparisons)('$id', (comparison) => {
  const { holds = [], breaks = [] } = comparedExamples[comparison.id] ?? {}

  it('has histories that hold and histories that break', () => {
    expect(Math.min(holds.length, breaks.length)).toBeGreaterThan(0)
  })

  it.each(holds.map((histories) => [histories]))('holds in histories %#', ({ own, others }) => {
    expect(comparison.compare(own, others)).toEqual([])
  })

  it.each(breaks)('is broken: $says', ({ histories: { own, others }, says }) => {
    expectBroken(comparison.compare(own, others), says, own)
  })
})

function expectBroken(violations: readonly Violation[], says: string, history: History): void {
  expect(violations.map(({ message }) => message).join('\n')).toContain(says)
  for (const { at, message } of violations) {
    expect(history[at]).toBeDefined()
    expect(message).not.toMatch(/\n/)
  }
}
