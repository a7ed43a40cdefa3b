import { describe, expect, it } from 'vitest'
import { httpTransportNames } from '../../mocks/transports.ts'
import { filterEvents, type History } from '../contract/events.ts'
import { noLeakedSpans } from '../invariants/spans.ts'
import { noToolOutlivesItsRun, restNotReadAfterReturn, stopReachesUpstream } from '../invariants/stops.ts'
import type { Stop, Turn } from '../plan/types.ts'
import {
  createAnswer,
  createPlan,
  createScriptedRuntime,
  createTurn,
  listKinds,
  listRunEnds,
  passOnText,
  runPlan,
  type Script,
} from './testing/scripted.ts'

const long = createAnswer('One two three four five six seven eight nine ten.')
const stall = (at: number) => createAnswer('Silence comes.', { faults: [{ kind: 'stall', at }] })
const stopped = (how: Stop['how'], updates: number, changes: Partial<Turn> = {}) =>
  createPlan([[createTurn({ answers: [long], stop: { how, after: { updates } }, ...changes })]])

/** A runtime whose consumer may leave: it goes on alone with its own signal, which only closing the team fires. */
function leaving(then: (events: AsyncGenerator<unknown>) => Promise<void>): Script {
  return async function* ({ client, request: { input } }) {
    const events = (await client.responses.create({ model: 'gpt-5.1', input, stream: true }))[
      Symbol.asyncIterator
    ]() as AsyncGenerator<{ type: string; delta?: string }>
    for (;;) {
      const { done, value } = await events.next()
      if (done) return ''
      if (value.type !== 'response.output_text.delta') continue
      let given = false
      try {
        yield { kind: 'text', text: value.delta ?? '' }
        given = true
      } finally {
        if (!given) void then(events).catch(() => {})
      }
    }
  }
}

const never = leaving(() => new Promise(() => {}))
const readsOn = leaving(async (events) => {
  while (!(await events.next()).done);
})

const causes = (history: History, plan: ReturnType<typeof stopped>) =>
  [stopReachesUpstream, restNotReadAfterReturn, noToolOutlivesItsRun].flatMap((invariant) =>
    invariant.check(history, plan).map(({ cause }) => cause),
  )

describe('the end of a plan', () => {
  it.each(httpTransportNames)('is at rest, then the team is asked to close, over %s', async (transport) => {
    const history = await runPlan(createScriptedRuntime(), createPlan([[createTurn()]]), transport)
    expect(listKinds(history, 'run.end', 'at-rest', 'close')).toEqual(['run.end', 'at-rest', 'close'])
  })

  it.each(httpTransportNames)(
    'finds nothing open of a run that was stopped in time, over %s',
    async (transport) => {
      for (const how of ['abort', 'return'] as const) {
        const plan = stopped(how, 1)
        expect(causes(await runPlan(createScriptedRuntime(), plan, transport), plan)).toEqual([])
      }
    },
  )

  it.each(httpTransportNames)(
    'keeps the rest of an answer back until then, so that it ends no request, over %s',
    async (transport) => {
      const plan = stopped('return', 1)
      const history = await runPlan(createScriptedRuntime(never), plan, transport)
      const kinds = listKinds(history, 'stop', 'at-rest', 'response.end', 'close')
      expect(kinds).toEqual(['stop', 'at-rest', 'response.end', 'close'])
      expect(causes(history, plan)).toEqual(['rest of the answer read'])
    },
  )

  it('tells a silent request that nobody cancels from one whose rest is read', async () => {
    const silent = stopped('return', 1, { answers: [stall(6)] })
    for (const script of [never, readsOn])
      expect(causes(await runPlan(createScriptedRuntime(script), silent), silent)).toEqual([
        'request open after return',
      ])
    const aborted = stopped('abort', 1)
    const history = await runPlan(
      createScriptedRuntime(readsOn, {
        async open(world) {
          const team = await createScriptedRuntime(readsOn).open(world)
          return { ...team, start: (request) => stopAtAbort(team.start(request), request.signal) }
        },
      }),
      aborted,
    )
    expect(causes(history, aborted)).toEqual(['request read after abort'])
  })

  it('comes although a run waits for the rest of an earlier answer: then that is let go', async () => {
    let rest: Promise<void> | undefined
    const waits: Script = async function* (doing) {
      await rest
      const script = leaving(
        (events) =>
          (rest = (async () => {
            while (!(await events.next()).done);
          })()),
      )
      return yield* script(doing)
    }
    const plan = createPlan([
      [createTurn({ answers: [long], stop: { how: 'return', after: { updates: 1 } } }), createTurn()],
    ])
    const history = await runPlan(createScriptedRuntime(waits), plan)
    expect(listRunEnds(history)).toEqual(['c0.t0 stopped', 'c0.t1 completed'])
    expect(causes(history, plan)).toEqual(['rest of the answer read'])
  })
})

describe('what a run leaves open', () => {
  /** Starts a span in each run, and ends all spans when the team is closed. */
  const late = createScriptedRuntime(undefined, {
    async open(world) {
      const begun: string[] = []
      const team = await createScriptedRuntime().open(world)
      return {
        start(request) {
          begun.push(request.run)
          world.probe.span({ id: request.run, name: 'chat', attributes: {}, at: 'start' })
          return team.start(request)
        },
        async close() {
          await team.close()
          for (const id of begun) world.probe.span({ id, name: 'chat', attributes: {}, at: 'end' })
        },
      }
    },
  })

  it('and closing the team ends, is judged all the same, but for a run that was dropped', async () => {
    const ended = createPlan([[createTurn()]])
    const found = noLeakedSpans.check(await runPlan(late, ended), ended)
    expect(found).toMatchObject([{ cause: 'chat span, run completed' }])
    const dropped = stopped('drop', 1)
    expect(noLeakedSpans.check(await runPlan(late, dropped), dropped)).toEqual([])
  })

  it.each([
    ['timer', () => setInterval(() => {}, 100_000)],
    ['listener', () => process.on('beforeExit', () => {})],
  ] as const)('is counted where each run leaves a %s, but not where a team has one', async (what, leave) => {
    /** Leaves one in each run, or only in the first. */
    const leaving = (each: boolean) => {
      let left = 0
      return createScriptedRuntime(async function* ({ ask }) {
        if (each || left++ === 0) leave()
        return yield* passOnText(ask())
      })
    }
    const plan = createPlan([[createTurn(), createTurn()]])
    const listLeftAtRest = async (each: boolean) => {
      const history = await runPlan(leaving(each), plan)
      const rest = history.findIndex(({ kind }) => kind === 'at-rest')
      return filterEvents(history.slice(0, rest), 'left-open').map((event) => event.what)
    }
    expect(await listLeftAtRest(true)).toEqual([what])
    expect(await listLeftAtRest(false)).toEqual([])
    process.removeAllListeners('beforeExit')
  })
})

/** Ends a run by its signal, and stops nothing else. */
function stopAtAbort(
  run: ReturnType<Awaited<ReturnType<ReturnType<typeof createScriptedRuntime>['open']>>['start']>,
  signal: AbortSignal,
) {
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true })
  })
  ended.catch(() => {})
  const updates = run.updates[Symbol.asyncIterator]()
  return {
    updates: {
      [Symbol.asyncIterator]: () => ({
        async next() {
          const next = updates.next()
          next.catch(() => {})
          const raced = await Promise.race([next, ended])
          if (signal.aborted) {
            void updates.return?.()
            throw new Error('stopped')
          }
          return raced
        },
      }),
    },
    outcome: async () => (signal.aborted ? ({ status: 'stopped', text: '' } as const) : run.outcome()),
  }
}
