import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { filterEvents } from '../harness/contract/events.ts'
import { execute } from '../harness/execute/execute.ts'
import { listSpans, listTracedRuns, readOperation } from '../harness/history/spans.ts'
import { capabilitiesWithoutHandoff } from '../harness/plan/arbitraries/everything.ts'
import { NESTED } from '../harness/plan/arbitraries/tool.ts'
import { runtime } from '../runtimes/reference/adapter.ts'
import scenario from './concurrency.ts'

describe('loongsuite-184', () => {
  const plan = scenario.cases?.['loongsuite-184']

  it('is two runs, both past their first step before either goes on', async () => {
    const history = await execute(runtime, plan as NonNullable<typeof plan>, { transport: 'fetch' })
    const order = filterEvents(history, 'request').map(({ run }) => run)
    expect(order).toEqual(['c0.t0', 'c1.t0', 'c0.t0', 'c1.t0'])
    expect(filterEvents(history, 'run.end').map(({ outcome }) => outcome.status)).toEqual([
      'completed',
      'completed',
    ])
  })

  it("gives the document's numbers: 2 agent, 4 chat and 2 tool spans, half of them in each of two trees", async () => {
    const history = await execute(runtime, plan as NonNullable<typeof plan>, { transport: 'fetch' })
    const count = (spans: readonly ReturnType<typeof readOperation>[]) =>
      Object.fromEntries(
        ['invoke_agent', 'chat', 'execute_tool'].map((name) => [
          name,
          spans.filter((span) => span === name).length,
        ]),
      )
    expect(count(listSpans(history).map(readOperation))).toEqual({
      invoke_agent: 2,
      chat: 4,
      execute_tool: 2,
    })
    for (const { spans } of listTracedRuns(history))
      expect(count(spans.map(readOperation))).toEqual({ invoke_agent: 1, chat: 2, execute_tool: 1 })
  })
})

describe('400 plans of concurrency', () => {
  const plans = fc.sample(scenario.plans(capabilitiesWithoutHandoff), { numRuns: 400, seed: 1 })

  it('ask an agent from inside its own tool, which is told apart from the run around it', async () => {
    const own = plans.filter(
      ({ team }) => team.length === 1 && team[0]?.tools.some(({ does }) => does[0]?.kind === 'agent'),
    )
    expect(own.length).toBeGreaterThan(40)
    const [plan] = own.filter(
      ({ conversations }) =>
        conversations.length === 2 &&
        conversations.some(({ turns: [first] }) =>
          first?.answers[0]?.items.some((item) => item.type === 'call' && item.tool === NESTED.tool),
        ),
    )
    const history = await execute(runtime, plan as NonNullable<typeof plan>, { transport: 'fetch' })
    const requests = filterEvents(history, 'request')
    expect(requests.some(({ nested }) => nested)).toBe(true)
    for (const run of new Set(requests.map((request) => request.run)))
      expect(requests.find((request) => request.run === run)?.nested).toBeUndefined()
  })

  it('have two to sixteen conversations, mostly few', () => {
    const counts = plans.map(({ conversations }) => conversations.length)
    expect(Math.min(...counts)).toBe(2)
    expect(Math.max(...counts)).toBeGreaterThan(12)
    expect(Math.max(...counts)).toBeLessThanOrEqual(16)
    expect(counts.filter((count) => count <= 4).length).toBeGreaterThan(200)
  })
})
