import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { filterEvents } from '../harness/contract/events.ts'
import type { Runtime } from '../harness/contract/runtime.ts'
import { execute } from '../harness/execute/execute.ts'
import { listActivations } from '../harness/history/activations.ts'
import { groupByRun } from '../harness/history/runs.ts'
import { invariants } from '../harness/invariants/index.ts'
import { capabilitiesWithoutHandoff } from '../harness/plan/arbitraries/everything.ts'
import { pullNames } from '../harness/plan/schema.ts'
import type { Plan, Turn } from '../harness/plan/types.ts'
import { runtime, runtimeOf } from '../runtimes/reference/adapter.ts'
import lastMessagesOnly from '../runtimes/reference/defects/cached-messages-only.ts'
import staleId from '../runtimes/reference/defects/service-id-kept-on-handoff.ts'
import scenario from './handoff-cycles.ts'

const broken = (runtime: Runtime, history: Awaited<ReturnType<typeof execute>>, plan: Plan) =>
  invariants
    .filter(({ needs }) => needs.every((need) => runtime.supports.has(need)))
    .filter(({ check }) => check(history, plan).length > 0)
    .map(({ id }) => id)

describe('maf-4053', () => {
  const plan = scenario.cases?.['maf-4053'] as Plan

  it('hands the conversation from the coordinator to both and back, and ends when it has spoken twice', async () => {
    const history = await execute(runtime, plan, { transport: 'fetch' })
    expect(broken(runtime, history, plan)).toEqual([])
    const [story] = groupByRun(history).runs
    expect(listActivations(story as NonNullable<typeof story>).map(({ agent }) => agent)).toEqual([
      'coordinator',
      'research_agent',
      'coordinator',
      'summary_agent',
      'coordinator',
    ])
    const [end] = filterEvents(history, 'run.end')
    expect(end?.outcome).toMatchObject({ status: 'completed', agent: 'coordinator' })
    expect(end?.outcome.transcript?.map(({ author }) => author)).toEqual([
      'user',
      'research_agent',
      'coordinator',
      'summary_agent',
      'coordinator',
    ])
  })

  it('shows the first bug of the document: the service refuses a response whose call nobody answered', async () => {
    const history = await execute(runtimeOf(staleId.parts), plan, { transport: 'fetch' })
    expect(broken(runtime, history, plan)).toContain('no-stale-previous-response-id')
    expect(filterEvents(history, 'run.end')[0]?.outcome).toMatchObject({
      status: 'failed',
      error: { status: 400, message: expect.stringContaining('No tool output found for function call') },
    })
  })

  it('shows the second: agents run on the messages since the last handoff alone', async () => {
    const history = await execute(runtimeOf(lastMessagesOnly.parts), plan, { transport: 'fetch' })
    // There is no message since the last handoff, and the service refuses a request without any.
    expect(broken(runtime, history, plan)).toEqual(['next-turn-accepted'])
    expect(filterEvents(history, 'run.end')[0]?.outcome.error?.message).toMatch(/^400 One of "input" or/)
  })
})

describe('500 plans of handoff-cycles', () => {
  const plans = fc.sample(scenario.plans(new Set([...capabilitiesWithoutHandoff, 'handoff'])), {
    numRuns: 500,
    seed: 1,
  })
  const turns = plans.flatMap(({ conversations }) => conversations.flatMap(({ turns }) => turns))
  const text = JSON.stringify(plans)
  const answers = turns.flatMap(({ answers }) => answers)
  const countOf = ({ items }: Turn['answers'][number], type: string) =>
    items.filter((item) => item.type === type).length

  it('have two to five agents that take part, and cycles of each length', () => {
    const counts = plans.map(({ team }) => team.filter(({ name }) => name !== 'atlas').length)
    expect([...new Set(counts)].sort()).toEqual([2, 3, 4, 5])
    const lengths = new Set(plans.map(({ team }) => cycleFrom(team)))
    for (const length of [0, 2, 3, 4, 5]) expect(lengths).toContain(length)
  })

  it.each<[string, (answer: Turn['answers'][number]) => boolean]>([
    ['a handoff alone', (answer) => countOf(answer, 'handoff') === 1 && answer.items.length === 1],
    ['two handoffs in one answer', (answer) => countOf(answer, 'handoff') === 2],
    ['a call beside a handoff', (answer) => countOf(answer, 'handoff') > 0 && countOf(answer, 'call') > 0],
    [
      'reasoning before a handoff',
      (answer) => countOf(answer, 'handoff') > 0 && countOf(answer, 'reasoning') > 0,
    ],
    ['a fault in an answer that hands off', (answer) => countOf(answer, 'handoff') > 0 && !!answer.faults],
    ['a handoff whenever one is asked', (answer) => countOf(answer, 'handoff') > 0 && !!answer.always],
    ['an agent as a tool', (answer) => answer.agent === 'atlas'],
  ])('have answers with %s', (_, has) => {
    expect(answers.filter(has).length).toBeGreaterThan(2)
  })

  it.each([
    'error-event',
    'failed',
    'incomplete',
    'eof',
    'reset',
    'garbage',
    'stall',
    'http',
    'refuse-connection',
  ])('have %s after a handoff', (kind) => {
    const after = turns.filter(({ answers }) => {
      const first = answers.findIndex((answer) => countOf(answer, 'handoff') > 0)
      return answers.some(
        ({ faults = [] }, at) => at > first && first >= 0 && faults.some((one) => one.kind === kind),
      )
    })
    expect(after.length).toBeGreaterThan(0)
  })

  it.each([
    ...['same', 'fresh-workflow'].map((target) => `"target":"${target}"`),
    ...['history', 'previous-response', 'conversation-object', 'runtime-default'].map(
      (session) => `"session":"${session}"`,
    ),
    ...pullNames.map((pull) => `"pull":"${pull}"`),
    ...['abort', 'return', 'drop'].map((how) => `"stop":{"how":"${how}"`),
    ...['before_run', 'after_run', 'transform', 'result', 'cleanup'].map(
      (hook) => `"breaks":{"hook":"${hook}"`,
    ),
    ...['"store":false', '"stream":false', '"turnLimits":{"', '"endAfter":{"', '"gated":true', '"hang"'],
  ])('have %s', (what) => {
    expect(text.includes(what)).toBe(true)
  })

  it('ask nothing of a runtime that it cannot do', () => {
    const little = fc.sample(scenario.plans(new Set(['history', 'handoff'])), { numRuns: 200, seed: 1 })
    expect(little.some(({ flow }) => flow !== undefined)).toBe(false)
    const parallel = little
      .flatMap(({ conversations }) => conversations.flatMap(({ turns }) => turns))
      .flatMap(({ answers }) => answers)
      .filter((answer) => countOf(answer, 'handoff') + countOf(answer, 'call') > 1)
    expect(parallel).toEqual([])
  })
})

/** How many agents the shortest way from the first back to itself passes; 0 where there is none. */
function cycleFrom(team: Plan['team']): number {
  const first = team[0]?.name
  let reached = team[0]?.handoffs ?? []
  for (let length = 2; length <= team.length; length++) {
    reached = [
      ...new Set(reached.flatMap((name) => team.find((agent) => agent.name === name)?.handoffs ?? [])),
    ]
    if (reached.some((name) => name === first)) return length
  }
  return 0
}
