import { describe, expect, it } from 'vitest'
import { filterEvents, type History } from '../../harness/contract/events.ts'
import { execute } from '../../harness/execute/execute.ts'
import type { Mode, Plan, Turn } from '../../harness/plan/types.ts'
import { startTestDriver } from '../../harness/remote/testing/driven.ts'
import type { Answer, Fault } from '../../mocks/service/types.ts'

const says = (text: string): Answer => ({ items: [{ type: 'text', text }] })
const calls: Answer = { items: [{ type: 'call', tool: 'get_weather', args: { value: 'Oslo' } }] }
const turn = (say: string, stream: boolean, ...answers: Answer[]): Turn => ({
  say,
  stream,
  answers,
  target: 'same',
  pull: 'same-context',
})

const planOf = (turns: Turn[], store = true, start: Mode['start'] = 'off'): Plan => ({
  schema: 1,
  seed: '00000001',
  team: [
    {
      name: 'agent',
      instructions: 'canary-agent You are brief.',
      tools: [
        {
          name: 'get_weather',
          parameters: { type: 'object', properties: { value: { type: 'string' } }, required: ['value'] },
          does: [{ kind: 'return', value: { degrees: 3 } }],
        },
      ],
      handoffs: [],
    },
  ],
  conversations: [{ session: 'history', store, turns }],
  delivery: [],
  mode: { start },
})

const greeting = [turn('Hello', false, says('Good day.'))]

/** Runs plans on a driver. The first plan of a process loads much, which takes its time on a busy machine. */
function running(name: string, version: string): (plan: Plan) => Promise<History> {
  const runtime = startTestDriver(name, version)
  return (plan) => execute(runtime(), plan, { transport: 'http', patience: 10 })
}

describe.each([
  ['hermes-agent', '0.9.0'],
  ['hermes-agent', '0.6.0'],
  ['agentscope', '0.9.0'],
  ['agentscope', '0.6.0'],
])('the driver of %s, with the instrumentation %s', (name, version) => {
  const run = running(name, version)

  it.each([true, false].flatMap((store) => [true, false].map((stream) => [store, stream] as const)))(
    'has tools, and what was said before (stored: %s, streamed: %s)',
    async (store, stream) => {
      const turns = [
        turn('Weather?', stream, calls, says('Cold.')),
        turn('And now?', stream, says('Still cold.')),
      ]
      const history = await run(planOf(turns, store))
      expect(filterEvents(history, 'run.end').map(({ outcome }) => outcome)).toMatchObject([
        { status: 'completed', text: 'Cold.' },
        { status: 'completed', text: 'Still cold.' },
      ])
      expect(filterEvents(history, 'tool.start').map(({ run, name }) => `${run} ${name}`)).toEqual([
        'c0.t0 get_weather',
      ])
      expect(JSON.stringify(filterEvents(history, 'request').at(-1)?.body)).toMatch(
        /Weather\?.*Cold.*And now\?/,
      )
    },
  )

  it('has spans while telemetry is on, and none while it is off, plan after plan', async () => {
    const modes = ['off', 'on', 'off', 'sensitive', 'on'] as const
    const spans: boolean[] = []
    for (const mode of modes)
      spans.push(filterEvents(await run(planOf(greeting, true, mode)), 'span.end').length > 0)
    expect(spans).toEqual(modes.map((mode) => mode !== 'off'))
  })
})

describe.each(['0.9.0', '0.6.0'])('Hermes Agent, with the instrumentation %s', (version) => {
  const run = running('hermes-agent', version)

  it('tells no error by how long its answer took', async () => {
    const fault: Fault = { kind: 'failed', at: 1, code: 'server_error' }
    const failing: Answer = { ...says('Good day.'), faults: [fault, fault, fault] }
    const [told] = filterEvents(await run(planOf([turn('Hello', false, failing)], false)), 'run.end')
    expect(told?.outcome).toMatchObject({ status: 'failed', error: { name: 'failed' } })
    expect(told?.outcome.error?.message).not.toMatch(/\ds\b/)
  })

  it.each([true, false])(
    'tells the model nothing that changes while plans run (stored: %s)',
    async (store) => {
      const [request] = filterEvents(await run(planOf(greeting, store)), 'request')
      const told = JSON.stringify([request?.body['instructions'], request?.body['messages']])
      expect(told).toContain('You are brief.')
      // In place of today.
      expect(told).toContain('January 01, 2026')
      // The state of the checkout, and which Python there is.
      expect(told).not.toMatch(/Workspace \(|Recent commits|Python toolchain/)
    },
  )
})
