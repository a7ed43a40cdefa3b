import { describe, expect, it } from 'vitest'
import type { Plan } from '../plan/types.ts'
import { samePlanSameHistory } from './comparisons.ts'
import { planned, weatherTool } from './examples/plans.ts'

const inThreads = (plan: Plan): Plan => ({
  ...plan,
  conversations: plan.conversations.map((conversation) => ({ ...conversation, as: 'thread' })),
})

describe('same-plan-same-history', () => {
  const plain = planned()
  const nesting = planned({}, { tools: [{ ...weatherTool, does: [{ kind: 'agent', agent: 'a' }] }] })

  it.each([
    ['in a task', plain],
    ['in a thread', inThreads(plain)],
    ['with an agent as a tool in a task', nesting],
  ])('runs a plan %s again', (_, plan) => {
    expect(samePlanSameHistory.variants(plan)).toEqual([plan])
  })

  it('runs no plan again in which an agent runs as a tool in a thread', () => {
    expect(samePlanSameHistory.variants(inThreads(nesting))).toEqual([])
  })
})
