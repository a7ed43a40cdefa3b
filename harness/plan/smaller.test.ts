import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isObject } from '../../mocks/json.ts'
import { createPlainPlan } from '../testing/plans.ts'
import { mixedPlans } from './arbitraries/everything.ts'
import { buildCanary } from './canary.ts'
import { formatPlan, readPlan } from './codec.ts'
import { listSmallerPlans } from './smaller.ts'
import { countChanges } from './smaller-delivery.ts'
import type { Plan } from './types.ts'

/** The plain value of each choice. It counts only as its key. */
const PLAIN: Record<string, unknown> = {
  stream: false,
  pull: 'same-context',
  target: 'same',
  session: 'history',
  store: true,
  start: 'on',
  encrypted: false,
  type: 'text',
  kind: 'return',
}

/** Returns the size of a plan: members and choices that are not plain, and then numbers and characters. */
function size(value: unknown): number {
  if (isObject(value) && 'delivery' in value) {
    const { delivery, ...rest } = value as unknown as Plan
    return size(rest) + sizeOfDelivery(delivery)
  }
  if (Array.isArray(value)) return value.reduce((sum: number, held) => sum + 1 + size(held), 0)
  if (isObject(value))
    return Object.entries(value).reduce(
      (sum, [key, held]) => sum + 1 + (key in PLAIN ? Number(held !== PLAIN[key]) : size(held)),
      0,
    )
  if (typeof value === 'string') return value.length / 1e9
  return typeof value === 'number' ? value / 1e6 : 0
}

/** The changes of the conversation count most, then the length, then the numbers. */
function sizeOfDelivery(delivery: readonly number[]): number {
  const sum = delivery.reduce((sum, number) => sum + number, 0)
  return countChanges(delivery) + delivery.length / 1e4 + sum / 1e6
}

/** Takes smaller plans until none breaks any more. */
function smallest(plan: Plan, breaks: (plan: Plan) => boolean): Plan {
  for (const less of listSmallerPlans(plan)) if (breaks(less)) return smallest(less, breaks)
  return plan
}

describe('listSmallerPlans', () => {
  it('yields only valid plans that are smaller, after any number of steps', () => {
    const steps = fc.infiniteStream(fc.nat(1_000))
    fc.assert(
      fc.property(mixedPlans, steps, (drawn, steps) => {
        for (let plan: Plan | undefined = drawn; plan !== undefined; ) {
          const less: Plan[] = [...listSmallerPlans(plan)]
          for (const one of less) expect(size(one)).toBeLessThan(size(plan))
          plan = less[steps.next().value % less.length]
          if (plan) expect(readPlan(formatPlan(plan), 'plan.json')).toEqual(plan)
        }
      }),
      { numRuns: 20 },
    )
  })

  it('removes a conversation and keeps the order of the others', () => {
    const [line] = createPlainPlan().conversations as [Plan['conversations'][number]]
    const lines = ['first', 'second', 'third'].map((say) => ({
      ...line,
      turns: line.turns.map((turn) => ({ ...turn, say })),
    }))
    const plan: Plan = { ...createPlainPlan(), conversations: lines, delivery: [5, 3, 7, 1] }
    const orders = [...listSmallerPlans(plan)].map(({ conversations, delivery }) =>
      delivery.map((at) => conversations[at % conversations.length]?.turns[0]?.say),
    )
    expect(orders).toContainEqual(['third', 'second', 'second'])
    expect(orders).toContainEqual(['third', 'first'])
    expect(orders).toContainEqual(['first', 'second', 'second'])
  })

  it('finds the one change of the conversation that matters, in an order that changes it all the time', () => {
    const [line] = createPlainPlan().conversations as [Plan['conversations'][number]]
    const plan: Plan = {
      ...createPlainPlan(),
      conversations: [line, line],
      delivery: Array.from({ length: 900 }, (_, step) => (step * step) % 7),
    }
    // Breaks if the second conversation gets its turn between the 9th and the 12th step.
    const breaks = ({ conversations, delivery }: Plan) =>
      conversations.length > 1 && [9, 10, 11].some((step) => (delivery[step] ?? 0) % 2 === 1)
    const { delivery } = smallest(plan, breaks)
    expect(countChanges(delivery)).toBe(1)
    expect(delivery.length).toBeLessThanOrEqual(12)
  })

  it('does not change the given plan', () => {
    fc.assert(
      fc.property(mixedPlans, (plan) => {
        const before = formatPlan(plan)
        for (const _ of listSmallerPlans(plan));
        expect(formatPlan(plan)).toBe(before)
      }),
      { numRuns: 20 },
    )
  })

  it('shrinks any plan to the smallest one if every plan breaks the rule', () => {
    fc.assert(
      fc.property(mixedPlans, (plan) => {
        const { seed, team, ...rest } = smallest(plan, () => true)
        const [agent] = team
        expect(team).toEqual([
          { name: agent?.name, instructions: agent?.instructions, tools: [], handoffs: [] },
        ])
        expect(rest).toEqual({
          schema: 1,
          conversations: [
            {
              session: 'history',
              store: true,
              turns: [
                {
                  say: expect.stringMatching(/^canary-\S+$/),
                  stream: false,
                  answers: [],
                  target: 'same',
                  pull: 'same-context',
                },
              ],
            },
          ],
          delivery: [],
          mode: { start: 'on' },
        })
      }),
      { numRuns: 25 },
    )
  })

  it('shrinks a plan with a reset in a stream to one turn with one short answer and that fault', () => {
    const breaks = ({ conversations }: Plan) =>
      conversations.some(({ turns }) =>
        turns.some(
          ({ stream, answers }) =>
            stream && answers.some(({ faults = [] }) => faults.some(({ kind }) => kind === 'reset')),
        ),
      )
    fc.assert(
      fc.property(mixedPlans.filter(breaks), (plan) => {
        const { conversations, delivery, team } = smallest(plan, breaks)
        expect(conversations).toEqual([
          {
            session: 'history',
            store: true,
            turns: [
              {
                say: expect.stringMatching(/^canary-\S+$/),
                stream: true,
                answers: [
                  {
                    items: [{ type: 'text', text: expect.stringMatching(/^(canary-\S+|Done\.)$/) }],
                    faults: [{ kind: 'reset', at: 0 }],
                  },
                ],
                target: 'same',
                pull: 'same-context',
              },
            ],
          },
        ])
        expect([delivery, team.length, team[0]?.tools]).toEqual([[], 1, []])
      }),
      { numRuns: 25 },
    )
  })

  it('keeps the canary of a call that becomes a text', () => {
    const token = buildCanary('a', '0.0.1')
    const said = ({ conversations }: Plan) => JSON.stringify(conversations).includes(token)
    fc.assert(
      fc.property(mixedPlans, (plan) => {
        const [first, ...others] = plan.conversations as [Plan['conversations'][number]]
        const [turn, ...later] = first.turns as [Plan['conversations'][number]['turns'][number]]
        const tool = { name: 'sing', parameters: {}, does: [{ kind: 'return' as const, value: null }] }
        const agent = plan.team[0] as Plan['team'][number]
        const call = { type: 'call' as const, tool: 'sing', args: { song: `${token} of the sea` } }
        const calling: Plan = {
          ...plan,
          team: [{ ...agent, tools: [...agent.tools, tool] }, ...plan.team.slice(1)],
          conversations: [
            { ...first, turns: [{ ...turn, answers: [{ items: [call] }, ...turn.answers] }, ...later] },
            ...others,
          ],
        }
        const { conversations, team } = smallest(calling, said)
        expect(conversations[0]?.turns[0]?.answers).toEqual([{ items: [{ type: 'text', text: token }] }])
        expect(team[0]?.tools).toEqual([])
      }),
      { numRuns: 20 },
    )
  })
})
