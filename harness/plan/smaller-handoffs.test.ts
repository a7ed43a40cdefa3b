import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { capabilitiesWithoutHandoff } from './arbitraries/everything.ts'
import { arbitraryHandoffPlans } from './arbitraries/handoff/plan.ts'
import { formatPlan, readPlan } from './codec.ts'
import { listSmallerPlans } from './smaller.ts'
import type { Plan } from './types.ts'

const drawn = arbitraryHandoffPlans({
  supports: new Set([...capabilitiesWithoutHandoff, 'handoff']),
  spoiled: 20,
  stopped: 20,
  broken: 10,
})

function smallest(plan: Plan, breaks: (plan: Plan) => boolean): Plan {
  for (const less of listSmallerPlans(plan)) if (breaks(less)) return smallest(less, breaks)
  return plan
}

/** Returns whether an answer of the plan has a handoff. */
function handsOff({ conversations }: Plan): boolean {
  return conversations.some(({ turns }) =>
    turns.some(({ answers }) => answers.some(({ items }) => items.some(({ type }) => type === 'handoff'))),
  )
}

describe('plans of handoffs', () => {
  it('can be written and read back, and so can each smaller plan', () => {
    const steps = fc.infiniteStream(fc.nat(1_000))
    fc.assert(
      fc.property(drawn, steps, (plan, steps) => {
        for (let next: Plan | undefined = plan; next !== undefined; ) {
          expect(readPlan(formatPlan(next), 'plan.json')).toEqual(next)
          const less: Plan[] = [...listSmallerPlans(next)]
          const members = next.team.length
          for (const one of less) expect(one.team.length).toBeLessThanOrEqual(members)
          next = less[steps.next().value % less.length]
        }
      }),
      { numRuns: 20 },
    )
  })

  it('shrink to two agents, one answer and no flow if any handoff breaks the rule', () => {
    fc.assert(
      fc.property(drawn.filter(handsOff), (plan) => {
        const { team, flow, conversations } = smallest(plan, handsOff)
        expect(team.map(({ tools, handoffs }) => [tools.length, handoffs.length])).toEqual([
          [0, expect.any(Number)],
          [0, expect.any(Number)],
        ])
        expect(team.flatMap(({ handoffs }) => handoffs)).toHaveLength(1)
        expect(flow).toBeUndefined()
        expect(conversations.flatMap(({ turns }) => turns.flatMap(({ answers }) => answers))).toEqual([
          { items: [{ type: 'handoff', to: expect.any(String) }] },
        ])
      }),
      { numRuns: 20 },
    )
  })

  it('shrink to one agent without flow if every plan breaks the rule', () => {
    fc.assert(
      fc.property(drawn, (plan) => {
        const { team, flow } = smallest(plan, () => true)
        expect([team.length, team[0]?.handoffs, flow]).toEqual([1, [], undefined])
      }),
      { numRuns: 20 },
    )
  })

  it('are shrunk by lowering limits and conditions one by one', () => {
    const breaks = ({ flow }: Plan) => (flow?.turnLimits['coordinator'] ?? 0) > 1
    const limited = drawn.filter(breaks)
    fc.assert(
      fc.property(limited, (plan) => {
        expect(smallest(plan, breaks).flow).toEqual({ turnLimits: { coordinator: 2 } })
      }),
      { numRuns: 10 },
    )
  })
})
