import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { filterEvents, type History } from '../../contract/events.ts'
import type { Update } from '../../contract/run-outcome.ts'
import type { AgentSpec, Stop, Turn } from '../../plan/types.ts'
import {
  createAnswer,
  createPlan,
  createScriptedRuntime,
  createTurn,
  listRunEnds,
  passOnText,
  runPlan,
} from '../testing/scripted.ts'

/** What was seen of the run before it was stopped: the place of the stop among updates, sent events and tool starts. */
function untilStopped(history: History) {
  const at = history.findIndex(({ kind }) => kind === 'stop')
  const seen = history.slice(0, at === -1 ? undefined : at)
  return {
    stopped: at !== -1,
    updates: filterEvents(seen, 'update').length,
    events: filterEvents(seen, 'stream.event').length,
    tools: filterEvents(seen, 'tool.start').length,
    step: history[at]?.step,
  }
}

const stopped = (stop: Stop, changes: Partial<Turn> = {}) => createPlan([[createTurn({ stop, ...changes })]])
const long = createAnswer('One two three four five six seven eight nine ten.')
const streaming = (how: Stop['how'], after: Stop['after']) =>
  runPlan(createScriptedRuntime(), stopped({ how, after }, { answers: [long] }))

const endAfter = { abort: ['c0.t0 stopped'], return: ['c0.t0 stopped'], drop: [] }
const hows = ['abort', 'return', 'drop'] as const

describe.each(hows)('a streamed run that its consumer stops by %s', (how) => {
  it.each([0, 1, 3])('after %i updates', async (updates) => {
    const history = await streaming(how, { updates })
    expect(untilStopped(history)).toMatchObject({ stopped: true, updates })
    expect(listRunEnds(history)).toEqual(endAfter[how])
  })

  it('never gets another update', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(5), async (updates) => {
        expect(filterEvents(await streaming(how, { updates }), 'update')).toHaveLength(updates)
      }),
      { numRuns: 6 },
    )
  })

  it.each([0, 2, 6])('once %i events of its first request were sent, in that very step', async (events) => {
    const history = await streaming(how, { request: 0, events })
    const seen = untilStopped(history)
    // A consumer that returns or drops is free to do so only when its next() has come back.
    if (how === 'abort') expect(seen.events).toBe(events)
    else expect(seen.events).toBeGreaterThanOrEqual(events)
    expect(listRunEnds(history)).toEqual(endAfter[how])
  })

  it('not where its condition never comes true', async () => {
    const history = await streaming(how, { request: 1, events: 0 })
    expect(untilStopped(history).stopped).toBe(false)
    expect(listRunEnds(history)).toEqual(['c0.t0 completed'])
  })
})

describe('a run that is stopped', () => {
  it('by abort or return cancels its request, and sends nothing more', async () => {
    for (const how of ['abort', 'return'] as const) {
      const history = await streaming(how, { updates: 1 })
      expect(filterEvents(history, 'request.cancelled')).toMatchObject([{ request: 1 }])
      expect(filterEvents(history, 'response.end')).toMatchObject([{ how: 'cut' }])
    }
  })

  it('by drop is left alone, and its request goes on or is cancelled when the team is closed', async () => {
    const history = await streaming('drop', { updates: 1 })
    const [stop, ...later] = history.slice(history.findIndex(({ kind }) => kind === 'stop'))
    expect(stop).toMatchObject({ kind: 'stop', how: 'drop' })
    expect(later.filter(({ kind }) => kind === 'run.end' || kind === 'update')).toEqual([])
    expect(filterEvents(later, 'response.end')).toHaveLength(1)
  })

  it('not streamed, by abort: before its head, once its request came, and while its body stalls', async () => {
    for (const [events, answer] of [
      [0, long],
      [0, createAnswer('Half of it.', { faults: [{ kind: 'stall', at: 0 }] })],
    ] as const) {
      const stop: Stop = { how: 'abort', after: { request: 0, events } }
      const history = await runPlan(
        createScriptedRuntime(),
        stopped(stop, { stream: false, answers: [answer] }),
      )
      expect(listRunEnds(history)).toEqual(['c0.t0 stopped'])
      expect(untilStopped(history).stopped).toBe(true)
      expect(filterEvents(history, 'request.cancelled')).toHaveLength(1)
    }
  })

  it('before the first step, by any condition that holds from the start', async () => {
    for (const how of hows) {
      const history = await streaming(how, { updates: 0 })
      expect(untilStopped(history)).toMatchObject({ updates: 0, events: 0, step: undefined })
    }
  })

  it.each(['abort', 'drop'] as const)('by %s while its stream stalls, at whatever event', async (how) => {
    await fc.assert(
      fc.asyncProperty(fc.nat(8), fc.nat(3), async (at, later) => {
        const stop: Stop = { how, after: { request: later, events: at } }
        const answers = [createAnswer('Silence comes.', { faults: [{ kind: 'stall', at }] })]
        const history = await runPlan(createScriptedRuntime(), stopped(stop, { answers }))
        expect(untilStopped(history)).toMatchObject({ stopped: true, events: at })
        expect(listRunEnds(history)).toEqual(endAfter[how])
        expect(filterEvents(history, 'request.cancelled')).toHaveLength(1)
      }),
      { numRuns: 12 },
    )
  })

  it('leaves the other conversations as they are', async () => {
    for (const how of hows) {
      const plan = createPlan([
        [createTurn({ answers: [long], stop: { how, after: { updates: 2 } } })],
        [createTurn()],
      ])
      const history = await runPlan(createScriptedRuntime(), { ...plan, delivery: [0, 1, 0, 1, 1, 0] })
      expect(listRunEnds(history).filter((end) => end.startsWith('c1'))).toEqual(['c1.t0 completed'])
    }
  })

  it('by drop stands still until all others have ended, and then may go on to its end', async () => {
    const stop: Stop = { how: 'drop', after: { updates: 1 } }
    const eager = createScriptedRuntime(async function* ({ ask, world, request: { run } }) {
      const text = passOnText(ask())
      const first = (await text.next()).value as Update
      // It goes on although nobody pulls any more.
      void (async () => {
        while (!(await text.next()).done);
        world.probe.hook({ run, name: 'cleanup' })
      })()
      yield first
      await new Promise(() => {})
      return ''
    })
    const plan = createPlan([[createTurn({ answers: [long], stop })], [createTurn({ answers: [long] })]])
    const sound = createScriptedRuntime()
    const both = createScriptedRuntime(undefined, {
      async open(world) {
        const teams = [await eager.open(world), await sound.open(world)] as const
        return {
          start: (request) => (teams[request.conversation] ?? teams[1]).start(request),
          close: async () => void (await Promise.all(teams.map((team) => team.close()))),
        }
      },
    })
    const history = await runPlan(both, plan)
    const told = history.flatMap((event) => {
      if (event.kind === 'run.end') return [`${event.run} ended`]
      if (event.kind === 'response.end') return [`request ${event.request} ${event.how}`]
      return event.kind === 'stop' || event.kind === 'hook' ? [event.kind] : []
    })
    expect(told).toEqual(['stop', 'request 2 completed', 'c1.t0 ended', 'request 1 completed', 'hook'])
  })

  it('goes on to its next turn, save where it was dropped', async () => {
    const stop: Stop = { how: 'abort', after: { updates: 1 } }
    const history = await runPlan(
      createScriptedRuntime(),
      createPlan([[createTurn({ answers: [long], stop }), createTurn()]]),
    )
    expect(listRunEnds(history)).toEqual(['c0.t0 stopped', 'c0.t1 completed'])
  })
})

const hanging: AgentSpec[] = [
  {
    name: 'agent',
    instructions: '',
    handoffs: [],
    tools: [{ name: 'wait', parameters: {}, does: [{ kind: 'hang' }] }],
  },
]

/** Calls its tool first, and says so; then asks. `heeds`: it hands its signal to the tool. */
function calling(heeds: boolean) {
  return createScriptedRuntime(async function* ({ request, world, signal, ask }) {
    yield { kind: 'other', type: 'tool' }
    const told = { run: request.run, name: 'wait', args: {}, ...(heeds ? { signal } : {}) }
    const gone = new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true }),
    )
    await Promise.race([world.tool(told), gone])
    return yield* passOnText(ask())
  })
}

describe('a tool that hangs', () => {
  it.each(['abort', 'drop'] as const)('ends by %s, whatever the runtime tells its tool', async (how) => {
    for (const stream of how === 'drop' ? [true] : [true, false])
      for (const heeds of [true, false]) {
        const plan = { ...stopped({ how, after: { toolStarts: 1 } }, { stream }), team: hanging }
        const history = await runPlan(calling(heeds), plan)
        expect(untilStopped(history)).toMatchObject({ stopped: true, tools: 1 })
        expect(listRunEnds(history)).toEqual(endAfter[how])
        const ends = filterEvents(history, 'tool.end')
        expect(ends).toMatchObject(heeds ? [{ cancelled: true }] : [])
      }
  })

  it('is held by the harness: others go on, and it is stopped also where the condition never came true', async () => {
    const plan = createPlan(
      [
        [createTurn({ stop: { how: 'abort', after: { toolStarts: 9 } } })],
        [createTurn({ stop: { how: 'abort', after: { toolStarts: 9 } } })],
      ],
      { team: hanging },
    )
    const history = await runPlan(calling(true), plan)
    expect(listRunEnds(history).sort()).toEqual(['c0.t0 stopped', 'c1.t0 stopped'])
  })
})
