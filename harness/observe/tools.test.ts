import { getEventListeners } from 'node:events'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { filterEvents } from '../contract/events.ts'
import {
  createPlan,
  createScriptedRuntime,
  createTurn,
  listRunEnds,
  runPlan,
} from '../execute/testing/scripted.ts'
import type { AgentSpec, ToolAction } from '../plan/types.ts'

const team = (does: ToolAction[]): AgentSpec[] => [
  { name: 'agent', instructions: '', handoffs: [], tools: [{ name: 'get', parameters: {}, does }] },
]

/** Calls the tool so often in each run, one after the other or all at once; its text says what came of them. */
const calling = (times: number, how: 'serial' | 'parallel') =>
  createScriptedRuntime(async function* ({ request: { run }, world, signal }) {
    yield { kind: 'other', type: 'calls' }
    const call = async (nth: number) => {
      try {
        return await world.tool({
          run,
          id: `call ${nth}`,
          name: 'get',
          agent: 'agent',
          args: { nth },
          signal,
        })
      } catch (error) {
        return (error as Error).message
      }
    }
    const results: unknown[] = []
    if (how === 'parallel')
      results.push(...(await Promise.all(Array.from({ length: times }, (_, nth) => call(nth)))))
    else for (let nth = 0; nth < times; nth++) results.push(await call(nth))
    return results.join(' ')
  })

const gives = (value: string, gated = false): ToolAction => ({
  kind: 'return',
  value,
  ...(gated ? { gated: true } : {}),
})

describe('a tool', () => {
  it('does at its k-th call in a conversation what the plan says, past the end the last again', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('throw', 'return', 'gated throw', 'gated return'), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.nat(3),
        async (acts, times) => {
          const does = acts.map((act, k): ToolAction => {
            const gated = act.startsWith('gated') ? ({ gated: true } as const) : {}
            return act.endsWith('throw')
              ? { kind: 'throw', message: `act ${k}`, ...gated }
              : { kind: 'return', value: `act ${k}`, ...gated }
          })
          const plan = createPlan([[createTurn(), createTurn()], [createTurn()]], { team: team(does) })
          const history = await runPlan(calling(times, 'serial'), plan)
          const acted = (from: number) =>
            Array.from({ length: times }, (_, call) => `act ${Math.min(from + call, does.length - 1)}`).join(
              ' ',
            )
          const texts = Object.fromEntries(
            filterEvents(history, 'run.end').map(({ run, outcome }) => [run, outcome.text]),
          )
          expect(texts).toEqual({ 'c0.t0': acted(0), 'c0.t1': acted(times), 'c1.t0': acted(0) })
        },
      ),
      { numRuns: 25 },
    )
  })

  it('is told from start to end, with its call, arguments and result or error', async () => {
    const does: ToolAction[] = [gives('fine'), { kind: 'throw', message: 'broken' }]
    const history = await runPlan(calling(2, 'serial'), createPlan([[createTurn()]], { team: team(does) }))
    const told = { run: 'c0.t0', name: 'get' }
    expect(history.filter(({ kind }) => kind.startsWith('tool'))).toMatchObject([
      { kind: 'tool.start', ...told, call: 'call 0', agent: 'agent', args: { nth: 0 } },
      { kind: 'tool.end', ...told, call: 'call 0', result: 'fine' },
      { kind: 'tool.start', ...told, call: 'call 1', agent: 'agent', args: { nth: 1 } },
      { kind: 'tool.end', ...told, call: 'call 1', error: 'broken' },
    ])
  })

  it('that waited at its gate leaves no listener on the signal that it was given', async () => {
    const given = new AbortController()
    const runtime = createScriptedRuntime(async function* ({ request: { run }, world }) {
      yield { kind: 'other', type: 'calls' }
      await world.tool({ run, id: 'call', name: 'get', agent: 'agent', args: {}, signal: given.signal })
      return `${getEventListeners(given.signal, 'abort').length} listeners`
    })
    const history = await runPlan(runtime, createPlan([[createTurn()]], { team: team([gives('a', true)]) }))
    expect(filterEvents(history, 'run.end')).toMatchObject([{ outcome: { text: '0 listeners' } }])
  })

  it('that no agent has throws, and says so', async () => {
    const history = await runPlan(calling(1, 'serial'), createPlan([[createTurn()]]))
    expect(filterEvents(history, 'tool.end')).toMatchObject([{ error: 'there is no tool get' }])
  })
})

describe('gated tools', () => {
  it('give their results one a step, in the order in which they were called', async () => {
    const does = [gives('a', true), gives('b', true), gives('c', true)]
    const history = await runPlan(calling(3, 'parallel'), createPlan([[createTurn()]], { team: team(does) }))
    expect(filterEvents(history, 'tool.start')).toHaveLength(3)
    expect(filterEvents(history, 'tool.end').map(({ result, step }) => [result, step])).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 2],
    ])
  })

  it('give them in the order of delivery, over conversations', async () => {
    const plan = createPlan([[createTurn()], [createTurn()]], {
      team: team([gives('x', true)]),
      // The first two steps let the turns begin.
      delivery: [1, 0, 1, 0, 1, 0],
    })
    const history = await runPlan(calling(2, 'serial'), plan)
    expect(filterEvents(history, 'tool.end').map(({ run }) => run)).toEqual([
      'c1.t0',
      'c0.t0',
      'c1.t0',
      'c0.t0',
    ])
  })

  it('are let go by a stop, and told as cancelled', async () => {
    const stop = { how: 'abort', after: { toolStarts: 2 } } as const
    const plan = createPlan([[createTurn({ stop })]], { team: team([gives('a'), gives('b', true)]) })
    const history = await runPlan(calling(2, 'serial'), plan)
    expect(filterEvents(history, 'tool.end')).toMatchObject([{ result: 'a' }, { cancelled: true }])
    expect(listRunEnds(history)).toEqual(['c0.t0 stopped'])
  })

  it('that ignore their signal go on after a stop, and give their results at their gates', async () => {
    const stop = { how: 'abort', after: { toolStarts: 1 } } as const
    const does: ToolAction[] = [{ kind: 'return', value: 'late', gated: true, ignoresSignal: true }]
    const first = createScriptedRuntime(async function* ({ request: { run }, world, signal }) {
      yield { kind: 'other', type: 'calls' }
      if (run === 'c0.t1') return 'next'
      const work = world.tool({ run, id: 'call', name: 'get', agent: 'agent', args: {}, signal })
      await Promise.race([work, new Promise((resolve) => signal.addEventListener('abort', resolve))])
      return 'first'
    })
    const plan = createPlan([[createTurn({ stop }), createTurn()], [createTurn()]], { team: team(does) })
    const history = await runPlan(first, plan)
    expect(filterEvents(history, 'tool.start')[0]).toMatchObject({ ignoresSignal: true })
    expect(filterEvents(history, 'tool.start')[0]).not.toHaveProperty('cancellable')
    expect(filterEvents(history, 'tool.end')[0]).toMatchObject({ run: 'c0.t0', result: 'late' })
    const at = (kind: string, run: string) =>
      history.findIndex((event) => event.kind === kind && 'run' in event && event.run === run)
    expect(at('run.end', 'c0.t0')).toBeLessThan(at('tool.end', 'c0.t0'))
    expect(at('tool.end', 'c0.t0')).toBeLessThan(history.findIndex(({ kind }) => kind === 'at-rest'))
  })
})
