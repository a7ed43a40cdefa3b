import { describe, expect, it } from 'vitest'
import { httpTransportNames } from '../../mocks/transports.ts'
import { filterEvents, type History } from '../contract/events.ts'
import { noToolOutlivesItsRun, restNotReadAfterReturn, stopReachesUpstream } from '../invariants/stops.ts'
import type { Plan, Stop, Turn } from '../plan/types.ts'
import {
  createAnswer,
  createPlan,
  createScriptedRuntime,
  createTurn,
  listRunEnds,
  passOnText,
  runPlan,
  type Script,
} from './testing/scripted.ts'

const stall = (at: number) => createAnswer('Silence comes.', { faults: [{ kind: 'stall', at }] })
const stopped = (how: Stop['how'], updates: number, changes: Partial<Turn> = {}) =>
  createPlan([[createTurn({ stop: { how, after: { updates } }, ...changes })]])

const causes = (history: History, plan: Plan) =>
  [stopReachesUpstream, restNotReadAfterReturn, noToolOutlivesItsRun].flatMap((invariant) =>
    invariant.check(history, plan).map(({ cause }) => cause),
  )

const hanging = [
  {
    name: 'agent',
    instructions: '',
    handoffs: [],
    tools: [{ name: 'wait', parameters: {}, does: [{ kind: 'hang' as const }] }],
  },
]

describe('a tool that hangs', () => {
  /** Calls its tool and lets go of it when the run is stopped. `tells`: the tool is told so. */
  const calling = (tells: boolean): Script =>
    async function* ({ request, world, signal, ask }) {
      if (request.turn > 0) return yield* passOnText(ask())
      yield { kind: 'other', type: 'tool' }
      const call = { run: request.run, name: 'wait', args: {} }
      const gone = new Promise<never>((_, reject) =>
        signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true }),
      )
      await Promise.race([world.tool({ ...call, signal: tells ? signal : buildSilentSignal() }), gone])
      return ''
    }
  const buildSilentSignal = () => new AbortController().signal

  const plan = createPlan(
    [
      [
        createTurn({ stop: { how: 'abort', after: { toolStarts: 1 } } }),
        // The client tries again after a while: only if the clock is not stopped.
        createTurn({ answers: [createAnswer('It is so.', { faults: [{ kind: 'http', status: 500 }] })] }),
      ],
    ],
    { team: hanging },
  )

  it('and that its run does not tell holds nothing else up, and is judged by itself', async () => {
    for (const tells of [true, false]) {
      const history = await runPlan(createScriptedRuntime(calling(tells)), plan)
      expect(listRunEnds(history)).toEqual(['c0.t0 stopped', 'c0.t1 completed'])
      expect(causes(history, plan)).toEqual(tells ? [] : ['tool on after abort'])
      expect(filterEvents(history, 'tool.start')).toMatchObject([{ cancellable: true }])
    }
  })
})

describe('a stall from which the consumer returns', () => {
  it.each(httpTransportNames)(
    'ends when it leaves before the pull that would block, over %s',
    async (transport) => {
      const plan = stopped('return', 1, { answers: [stall(6)] })
      const history = await runPlan(createScriptedRuntime(), plan, transport)
      expect(filterEvents(history, 'stop')).toMatchObject([{ how: 'return' }])
      expect(listRunEnds(history)).toEqual(['c0.t0 stopped'])
      expect(causes(history, plan)).toEqual([])
    },
  )

  it('is left by an abort if the consumer waits in that pull already', async () => {
    const plan = stopped('return', 9, { answers: [stall(6)] })
    const history = await runPlan(createScriptedRuntime(), plan)
    expect(filterEvents(history, 'stop')).toMatchObject([{ how: 'abort' }])
    expect(listRunEnds(history)).toEqual(['c0.t0 stopped'])
    expect(causes(history, plan)).toEqual([])
  })
})
