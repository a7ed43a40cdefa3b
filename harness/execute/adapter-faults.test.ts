import { describe, expect, it } from 'vitest'
import { filterEvents } from '../contract/events.ts'
import { AdapterFault, type Run, type Runtime, type Team } from '../contract/runtime.ts'
import type { ToolAction } from '../plan/types.ts'
import {
  createPlan,
  createScriptedRuntime,
  createTurn,
  listRunEnds,
  passOnText,
  runPlan,
} from './testing/scripted.ts'

const plan = createPlan([[createTurn()], [createTurn()]])

/** A runtime whose team, or whose every run, is another. */
function broken(changes: Partial<Team>, run?: (sound: Run) => unknown): Runtime {
  const { open } = createScriptedRuntime()
  return createScriptedRuntime(undefined, {
    async open(world) {
      const team = await open(world)
      const start: Team['start'] =
        run === undefined ? team.start : (request) => run(team.start(request)) as Run
      return { ...team, start, ...changes }
    },
  })
}

const never = () => new Promise<never>(() => {})
const throws = () => {
  throw new TypeError('not today')
}

describe('an adapter that does what its contract forbids', () => {
  it.each<[string, Runtime, string]>([
    [
      'throws in open',
      createScriptedRuntime(undefined, { open: throws }),
      'open() was rejected: TypeError: not today',
    ],
    [
      'never opens',
      createScriptedRuntime(undefined, { open: never }),
      'open() did not settle within its bound',
    ],
    [
      'opens no team',
      createScriptedRuntime(undefined, { open: async () => ({}) as Team }),
      'open(): found {}, expected start() and close()',
    ],
    ['throws in start', broken({ start: throws }), 'start() of run c0.t0 threw: TypeError: not today'],
    ['starts no run', broken({}, () => ({ updates: [] })), 'start() of run c0.t0: found'],
    [
      'rejects an outcome',
      broken({}, (run) => ({ ...run, outcome: async () => throws() })),
      'outcome() of run c0.t0 was rejected: TypeError: not today',
    ],
    [
      'throws in outcome',
      broken({}, (run) => ({ ...run, outcome: throws })),
      'outcome() of run c0.t0 was rejected',
    ],
    [
      'gives no outcome',
      broken({}, (run) => ({ ...run, outcome: async () => ({ status: 'fine', text: '' }) })),
      'outcome() of run c0.t0: found',
    ],
    [
      'gives an update of no kind',
      broken({}, (run) => ({
        ...run,
        updates: (async function* () {
          yield { kind: 'texts', text: 'a' }
        })(),
      })),
      'updates of run c0.t0: found {"kind":"texts","text":"a"}, expected an update',
    ],
    [
      'reports what nobody knows of the hooks of telemetry',
      createScriptedRuntime(async function* ({ world, ask }) {
        world.probe.registration({ at: 'forget' as 'remove', agent: 'agent', of: {} })
        return yield* passOnText(ask())
      }),
      'probe.registration(): found at "forget", expected register, remove, release',
    ],
    ['throws in close', broken({ close: throws }), 'close() was rejected: TypeError: not today'],
    ['never closes', broken({ close: never }), 'close() did not settle within its bound'],
  ])('is named as one that %s', async (_, runtime, message) => {
    const failure = await runPlan(runtime, plan).catch((error) => error)
    expect(failure).toBeInstanceOf(AdapterFault)
    expect(failure.message).toContain(message)
  })

  it('keeps the error that it met as the cause', async () => {
    await expect(runPlan(broken({ start: throws }), plan)).rejects.toHaveProperty(
      'cause.message',
      'not today',
    )
  })
})

it('is named as one that asks for an agent as if it were a tool, also if the runtime swallows the error', async () => {
  const runtime = createScriptedRuntime(async function* ({ world, request, ask }) {
    await world.tool({ run: request.run, name: 'ask_atlas', args: {} }).catch(() => {})
    return yield* passOnText(ask())
  })
  const [agent] = plan.team
  const does: ToolAction[] = [{ kind: 'agent', agent: 'atlas' }]
  const tools = [{ name: 'ask_atlas', parameters: {}, does }]
  const team = [
    { name: 'agent', instructions: '', handoffs: [], ...agent, tools },
    { name: 'atlas', instructions: '', tools: [], handoffs: [] },
  ]
  await expect(runPlan(runtime, { ...plan, team })).rejects.toThrow(
    'tool(): ask_atlas is the agent atlas, which the runtime must run',
  )
})

describe('a run that never settles', () => {
  it.each<[string, (run: Run) => unknown]>([
    ['outcome', (run) => ({ ...run, outcome: never })],
    ['next', (run) => ({ ...run, updates: { [Symbol.asyncIterator]: () => ({ next: never }) } })],
  ])('in %s hangs, is asked to stop, and holds nobody up', async (_, run) => {
    const signals: AbortSignal[] = []
    const { open } = createScriptedRuntime()
    const runtime = createScriptedRuntime(undefined, {
      async open(world) {
        const team = await open(world)
        return {
          ...team,
          start(request) {
            signals.push(request.signal)
            return request.conversation === 0 ? (run(team.start(request)) as Run) : team.start(request)
          },
        }
      },
    })
    const history = await runPlan(
      runtime,
      createPlan([
        [createTurn(), createTurn()],
        [createTurn(), createTurn()],
      ]),
    )
    expect(listRunEnds(history).sort()).toEqual(['c0.t0 hung', 'c1.t0 completed', 'c1.t1 completed'])
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false, false])
    expect(filterEvents(history, 'run.start').map(({ run }) => run)).not.toContain('c0.t1')
  })

  it('may keep close() from settling: it has been told of', async () => {
    const runtime = broken({ close: never }, (run) => ({ ...run, outcome: never }))
    expect(listRunEnds(await runPlan(runtime, createPlan([[createTurn()]])))).toEqual(['c0.t0 hung'])
  })
})
