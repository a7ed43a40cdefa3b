import { describe, expect, it } from 'vitest'
import type { Plan } from '../plan/types.ts'
import { samePlanSameHistory, survivesBrokenTracer, telemetryIsTransparent } from './comparisons.ts'
import { ended, mode, said } from './examples/events.ts'
import { planned, weatherTool } from './examples/plans.ts'

const inThreads = (plan: Plan): Plan => ({
  ...plan,
  conversations: plan.conversations.map((conversation) => ({ ...conversation, as: 'thread' })),
})

const plain = planned()
const nesting = planned({}, { tools: [{ ...weatherTool, does: [{ kind: 'agent', agent: 'a' }] }] })

describe('same-plan-same-history', () => {
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

describe('the comparisons of telemetry', () => {
  const broken = (plan: Plan): Plan => ({
    ...plan,
    mode: { start: 'on', sabotage: { part: 'span-start', nth: 1, does: 'throw' } },
  })

  it('compare no plan in which an agent runs as a tool in a thread', () => {
    expect(telemetryIsTransparent.variants(inThreads(plain))).not.toEqual([])
    expect(telemetryIsTransparent.variants(inThreads(nesting))).toEqual([])
    expect(survivesBrokenTracer.variants(broken(inThreads(plain)))).not.toEqual([])
    expect(survivesBrokenTracer.variants(broken(inThreads(nesting)))).toEqual([])
  })

  it('name one difference of a conversation: what differs later may follow from it', () => {
    const history = (mode_: 'off' | 'on', text: string) => [
      mode(mode_),
      ...['c0.t0', 'c0.t1', 'c1.t0'].flatMap((run) => [said(run, 'hi'), ended(run, 'completed', { text })]),
    ]
    const found = telemetryIsTransparent.compare(
      history('on', 'it rains'),
      [history('off', 'it snows')],
      plain,
    )
    expect(found.map(({ message }) => message.slice(0, 10))).toEqual(['run c0.t0:', 'run c1.t0:'])
  })
})
