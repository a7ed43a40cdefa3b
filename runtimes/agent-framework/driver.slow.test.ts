import { describe, expect, it } from 'vitest'
import { filterEvents, type History } from '../../harness/contract/events.ts'
import { execute } from '../../harness/execute/execute.ts'
import type { AgentSpec, Plan, SessionMode, ToolSpec, Turn } from '../../harness/plan/types.ts'
import { startTestDriver } from '../../harness/remote/testing/driven.ts'
import type { Answer, Item } from '../../mocks/service/types.ts'

const says = (text: string): Item => ({ type: 'text', text })
const asks = (tool: string): Item => ({ type: 'call', tool, args: { value: 'Oslo' } })
const hands = (to: string): Item => ({ type: 'handoff', to })
const answers = (...items: Item[]): Answer => ({ items })

const tool = (name: string, ...does: ToolSpec['does']): ToolSpec => ({
  name,
  parameters: {
    type: 'object',
    properties: { value: { type: 'string' } },
    required: ['value'],
    additionalProperties: false,
  },
  does,
})
const agent = (name: string, tools: ToolSpec[], ...handoffs: string[]): AgentSpec => ({
  name,
  instructions: `canary-${name} You are the ${name}.`,
  tools,
  handoffs,
})
const turn = (say: string, stream: boolean, ...answers: Answer[]): Turn => ({
  say,
  stream,
  answers,
  target: 'same',
  pull: 'same-context',
})

const planOf = (team: AgentSpec[], session: SessionMode, turns: Turn[]): Plan => ({
  schema: 1,
  seed: '00000001',
  team,
  conversations: [{ session, store: true, turns }],
  delivery: [],
  mode: { start: 'off' },
  // Calls that are repeated have none before 1.0.
  service: { nullStatusOfCall: 'accept' },
})

const outcomes = (history: History) => filterEvents(history, 'run.end').map(({ outcome }) => outcome)
const lines = (history: History, kind: 'hook' | 'tool.start') =>
  filterEvents(history, kind).map(({ run, agent, name }) => `${run} ${agent} ${name}`)

/** The newest release, the first after 1.0 and one before it: between them nearly every name has changed. */
describe.each(['1.23.0', '1.0.1', '1.0.0rc2'])('the driver on %s', (version) => {
  const runtime = startTestDriver('agent-framework', version)

  const sessions: SessionMode[] = ['history', 'previous-response', 'conversation-object', 'runtime-default']
  it.each(sessions.flatMap((session) => [true, false].map((stream) => [session, stream] as const)))(
    'has tools and agents that are tools, carried by %s (streamed: %s)',
    async (session, stream) => {
      const team = [
        agent('agent', [
          tool('get_weather', { kind: 'return', value: { degrees: 3 } }),
          tool('ask_atlas', { kind: 'agent', agent: 'atlas' }),
        ]),
        agent('atlas', []),
      ]
      const nested: Answer = { agent: 'atlas', items: [says('It is in Norway.')] }
      const plan = planOf(team, session, [
        turn(
          'Weather?',
          stream,
          answers(asks('get_weather'), asks('ask_atlas')),
          nested,
          answers(says('Cold.')),
        ),
        turn('And now?', stream, answers(says('Still cold.'))),
      ])
      const history = await execute(runtime(), plan, { transport: 'http' })
      expect(outcomes(history)).toMatchObject([
        { status: 'completed', text: 'Cold.', agent: 'agent' },
        { status: 'completed', text: 'Still cold.', agent: 'agent' },
      ])
      expect(lines(history, 'tool.start')).toEqual(['c0.t0 agent get_weather'])
      expect(lines(history, 'hook').filter((line) => line.endsWith('_run'))).toEqual([
        'c0.t0 agent before_run',
        'c0.t0 atlas before_run',
        'c0.t0 atlas after_run',
        'c0.t0 agent after_run',
        'c0.t1 agent before_run',
        'c0.t1 agent after_run',
      ])
    },
  )

  it.each([true, false])('hands off, goes on by itself, and ends (streamed: %s)', async (stream) => {
    const team = [agent('coordinator', [], 'researcher'), agent('researcher', [], 'coordinator')]
    const plan: Plan = {
      ...planOf(team, 'history', [
        turn(
          'Research.',
          stream,
          answers(says('Over to you.'), hands('researcher')),
          answers(says('I read.')),
          answers(says('I found.'), hands('coordinator')),
          answers(says('So it is.')),
        ),
      ]),
      flow: { turnLimits: { researcher: 2 }, endAfter: { agent: 'coordinator', messages: 2 } },
    }
    const history = await execute(runtime(), plan, { transport: 'http' })
    expect(lines(history, 'hook').filter((line) => line.endsWith('before_run'))).toEqual([
      'c0.t0 coordinator before_run',
      'c0.t0 researcher before_run',
      'c0.t0 researcher before_run',
      'c0.t0 coordinator before_run',
    ])
    expect(filterEvents(history, 'handoff').map(({ from, to }) => `${from} -> ${to}`)).toEqual([
      'coordinator -> researcher',
      'researcher -> coordinator',
    ])
    const [outcome] = outcomes(history)
    expect(outcome).toMatchObject({ status: 'completed', text: 'So it is.', agent: 'coordinator' })
    expect(outcome?.transcript?.map(({ author, text }) => `${author}: ${text}`)).toEqual([
      'user: Research.',
      'coordinator: Over to you.',
      'researcher: I read.',
      'researcher: I found.',
      'coordinator: So it is.',
    ])
  })

  it.each([true, false])('goes on by itself as often as its limit says (streamed: %s)', async (stream) => {
    const team = [agent('coordinator', [], 'researcher'), agent('researcher', [])]
    const plan: Plan = {
      ...planOf(team, 'history', [
        turn(
          'Research.',
          stream,
          answers(hands('researcher')),
          answers(says('I read.')),
          answers(says('I found.')),
          answers(says('I go on.')),
        ),
      ]),
      flow: { turnLimits: { researcher: 2 } },
    }
    const history = await execute(runtime(), plan, { transport: 'http' })
    expect(filterEvents(history, 'request')).toHaveLength(3)
    expect(outcomes(history)).toMatchObject([{ status: 'completed', text: 'I found.' }])
  })
})
