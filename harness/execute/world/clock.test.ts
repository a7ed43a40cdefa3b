import { AsyncLocalStorage } from 'node:async_hooks'
import { describe, expect, it } from 'vitest'
import { filterEvents } from '../../contract/events.ts'
import type { Turn } from '../../plan/types.ts'
import {
  createAnswer,
  createPlan,
  createScriptedRuntime,
  createTurn,
  listRunEnds,
  passOnText,
  plainScript,
  runPlan,
} from '../testing/scripted.ts'
import { EPOCH } from './clock.ts'

/** Runs one turn, and tells how long it took by the runtime's clock and by ours. */
async function timed(turn: Partial<Turn>, script = plainScript) {
  const times: number[] = []
  const runtime = createScriptedRuntime(async function* (doing) {
    times.push(Date.now(), performance.now())
    try {
      return yield* script(doing)
    } finally {
      times.push(Date.now(), performance.now())
    }
  })
  const begun = performance.now()
  const history = await runPlan(runtime, createPlan([[createTurn(turn)]]))
  const [date = 0, now = 0, dateAfter = 0, nowAfter = 0] = times
  return {
    history,
    virtual: dateAfter - date,
    monotonic: nowAfter - now,
    real: performance.now() - begun,
    began: date,
  }
}

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

describe('time', () => {
  it('is data: a wait of 30 s is seen by the runtime and costs nothing', async () => {
    const waiting = await timed({}, async function* ({ ask }) {
      await sleep(30_000)
      return yield* passOnText(ask())
    })
    expect(listRunEnds(waiting.history)).toEqual(['c0.t0 completed'])
    expect([waiting.virtual, waiting.monotonic, waiting.began]).toEqual([30_000, 30_000, EPOCH])
    // Far less than the wait, whatever the machine is busy with.
    expect(waiting.real).toBeLessThan(15_000)
  })

  it('rings a timer in the async context in which it was set', async () => {
    const storage = new AsyncLocalStorage<string>()
    const seen: unknown[] = []
    await timed({}, async function* ({ ask }) {
      storage.run('one', () => setTimeout(() => seen.push(storage.getStore()), 10))
      await storage.run('two', async () => {
        await sleep(20)
        seen.push(storage.getStore())
      })
      const each = storage.run('three', () =>
        setInterval((text) => seen.push(text, storage.getStore()), 5, 'x'),
      )
      await sleep(6)
      clearInterval(each)
      return yield* passOnText(ask())
    })
    expect(seen).toEqual(['one', 'two', 'x', 'three'])
  })

  it('passes between attempts: two 429s with their back-off, then success', async () => {
    const faults = [429, 429].map(
      (status) => ({ kind: 'http', status, headers: { 'retry-after': '20' } }) as const,
    )
    const { history, virtual, real } = await timed({ answers: [createAnswer('At last.', { faults })] })
    expect(filterEvents(history, 'request').map(({ attempt }) => attempt)).toEqual([0, 1, 2])
    expect(listRunEnds(history)).toEqual(['c0.t0 completed'])
    expect(virtual).toBe(40_000)
    expect(real).toBeLessThan(15_000)
  })

  it('stands still while a stream stalls, and the stop comes in that very step', async () => {
    const answers = [createAnswer('Silence.', { faults: [{ kind: 'stall', at: 4 }] })]
    const { history, virtual, real } = await timed({
      answers,
      stop: { how: 'abort', after: { request: 9, events: 0 } },
    })
    expect(listRunEnds(history)).toEqual(['c0.t0 stopped'])
    expect(virtual).toBe(0)
    expect(real).toBeLessThan(15_000)
  })

  it('is over for a run at the bound of 60 s', async () => {
    const waiting = (milliseconds: number) =>
      timed({}, async function* ({ ask }) {
        await sleep(milliseconds)
        return yield* passOnText(ask())
      })
    expect(listRunEnds((await waiting(59_999)).history)).toEqual(['c0.t0 completed'])
    expect(listRunEnds((await waiting(200_000)).history)).toEqual(['c0.t0 hung'])
  })
})
