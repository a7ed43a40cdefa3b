import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Item } from '../../../mocks/service/types.ts'
import type { Capability } from '../../contract/runtime.ts'
import { listSmallerPlans } from '../smaller.ts'
import { arbitraryPlans } from './plan.ts'

const supports = new Set<Capability>(['history', 'stream', 'tools', 'parallel-tools'])
const plans = fc.sample(arbitraryPlans({ supports }), { numRuns: 150, seed: 1 })
const answers = plans.flatMap(({ conversations }) =>
  conversations.flatMap(({ turns }) => turns.flatMap(({ answers }) => answers.map(({ items }) => items))),
)
const forms = new Set(answers.map((items) => items.map(({ type }) => type).join(' ')))
const isCall = (item: Item) => item.type === 'call'

describe('generated answers', () => {
  it.each([
    'text',
    'refusal',
    'call',
    'text text',
    'reasoning reasoning text',
    'text call',
    'call call',
    'call text',
    'call reasoning call',
  ])('have the form: %s', (form) => {
    expect(forms).toContain(form)
  })

  it('sometimes have calls of one tool with equal arguments', () => {
    const equal = answers.filter((items) => {
      const calls = items.filter(isCall).map((call) => JSON.stringify({ ...call, args: null }))
      return new Set(calls).size < calls.length
    })
    expect(equal.length).toBeGreaterThan(0)
  })

  it('have calls that nobody can run, only for a runtime that answers them', () => {
    const listWrong = (capabilities: readonly Capability[]) => {
      const able = arbitraryPlans({ supports: new Set([...supports, ...capabilities]) })
      const written = JSON.stringify(fc.sample(able, { numRuns: 150, seed: 1 }))
      return ['name', 'arguments'].filter((wrong) => written.includes(`"wrong":"${wrong}"`))
    }
    expect(listWrong(['call-errors'])).toEqual(['name', 'arguments'])
    expect(listWrong([])).toEqual([])
  })

  it('never end with reasoning, which no model does, also in smaller plans', () => {
    for (const plan of plans.slice(0, 15))
      for (const one of [plan, ...listSmallerPlans(plan)])
        for (const { turns } of one.conversations)
          for (const { items } of turns.flatMap(({ answers }) => answers))
            expect(items.at(-1)?.type).not.toBe('reasoning')
  })
})
