import { getEventListeners } from 'node:events'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Ending } from './ending.ts'
import { ResponseStream } from './response-stream.ts'

interface Told {
  log: string[]
  endings: Ending<number>[]
}

/** A stream of so many numbers whose final response is their sum, with every hook telling the log. */
function streamOf(count: number, failing: string[] = [], signal?: AbortSignal) {
  const told: Told = { log: [], endings: [] }
  const act = (name: string) => {
    told.log.push(name)
    if (failing.includes(name)) throw new Error(`${name} throws`)
  }
  const stream = new ResponseStream<number, number>(
    {
      async *openUpdates(stopped) {
        let sum = 0
        try {
          for (let at = 1; at <= count; at++) {
            stopped.throwIfAborted()
            act(`pull ${at}`)
            yield at
            sum += at
          }
          act('last')
        } finally {
          told.log.push('closed')
        }
        return sum
      },
      async settle(ending) {
        told.log.push('settle')
        told.endings.push(ending)
        return ending
      },
    },
    signal,
  )
    .withTransformHook((update) => {
      act('transform')
      return update * 10
    })
    .withResultHook((result) => {
      act('result')
      return result + 1000
    })
    .withCleanupHook(({ kind }) => act(`cleanup ${kind}`))
  return { stream, told }
}

const count = (log: readonly string[], start: string) => log.filter((one) => one.startsWith(start)).length

describe('a ResponseStream', () => {
  it('gives transformed updates, then a result that has passed its hooks, in order', async () => {
    const { signal } = new AbortController()
    const { stream, told } = streamOf(2, [], signal)
    const got: number[] = []
    for await (const update of stream) got.push(update)
    expect(got).toEqual([10, 20])
    expect(await stream.getFinalResponse()).toBe(1003)
    expect(getEventListeners(signal, 'abort')).toEqual([])
    expect(told.log).toEqual([
      'pull 1',
      'transform',
      'pull 2',
      'transform',
      'last',
      'closed',
      'result',
      'cleanup completed',
      'settle',
    ])
  })

  it('does nothing before it is pulled, and is driven by its final response alone', async () => {
    const { stream, told } = streamOf(3)
    expect(told.log).toEqual([])
    expect([await stream.getFinalResponse(), await stream.getFinalResponse()]).toEqual([1006, 1006])
    expect(count(told.log, 'transform')).toBe(3)
    expect(count(told.log, 'cleanup')).toBe(1)
  })

  it.each([
    ['the source', 'pull 2', 'pull 2 throws'],
    ['a transform hook', 'transform', 'transform throws'],
    ['a result hook', 'result', 'result throws'],
    ['a cleanup hook', 'cleanup completed', 'cleanup completed throws'],
  ])('fails with the error of %s that throws, once, cleaned up once', async (_, failing, message) => {
    const { stream, told } = streamOf(2, [failing])
    const taking = async () => {
      for await (const _ of stream);
    }
    await expect(taking()).rejects.toThrow(message)
    await expect(stream.getFinalResponse()).rejects.toThrow(message)
    expect(await stream[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined })
    expect(count(told.log, 'cleanup')).toBe(1)
    expect(count(told.log, 'closed')).toBe(1)
    expect(told.endings).toMatchObject([{ kind: 'failed', error: { message } }])
  })

  it('keeps the original error when a cleanup hook throws, too, and runs the other cleanup hooks', async () => {
    const { stream, told } = streamOf(2, ['pull 2', 'cleanup failed'])
    stream.withCleanupHook(() => void told.log.push('cleanup of another'))
    await expect(stream.getFinalResponse()).rejects.toThrow('pull 2 throws')
    expect(told.log.slice(-3)).toEqual(['cleanup failed', 'cleanup of another', 'settle'])
  })

  it('ends once in one way, however it is pulled, stopped and broken', async () => {
    const ways = fc.record({
      updates: fc.integer({ min: 0, max: 4 }),
      failing: fc.subarray([
        'pull 1',
        'pull 3',
        'last',
        'transform',
        'result',
        'cleanup completed',
        'cleanup failed',
      ]),
      stop: fc.option(
        fc.record({
          after: fc.integer({ min: 0, max: 4 }),
          how: fc.constantFrom('return', 'abort', 'cancel'),
        }),
      ),
    })
    await fc.assert(
      fc.asyncProperty(ways, async ({ updates, failing, stop }) => {
        const control = new AbortController()
        const { stream, told } = streamOf(updates, failing, control.signal)
        const iterator = stream[Symbol.asyncIterator]()
        const stopNow = async () => {
          if (stop?.how === 'return') await iterator.return?.()
          else if (stop?.how === 'abort') control.abort()
          else await stream.cancel()
        }
        for (let taken = 0; ; taken++) {
          if (stop?.after === taken) await stopNow()
          const next = await iterator.next().catch(() => ({ done: true }))
          if (next.done) break
        }
        const { kind } = await stream.waitForEnding()
        expect(count(told.log, 'cleanup')).toBe(1)
        expect(count(told.log, 'settle')).toBe(1)
        expect(count(told.log, 'closed')).toBeLessThanOrEqual(1)
        if (kind !== 'completed') await expect(stream.getFinalResponse()).rejects.toBeDefined()
        // Result hooks are for what succeeds; only one that throws, or a cleanup hook after it, can still fail it.
        const late = failing.some((name) => name === 'result' || name === 'cleanup completed')
        expect(count(told.log, 'result')).toBe(
          kind === 'completed' || (late && told.log.includes('result')) ? 1 : 0,
        )
      }),
      { numRuns: 300 },
    )
  })

  it('is stopped while nobody pulls, and tells so to whoever pulls next', async () => {
    const control = new AbortController()
    const { stream, told } = streamOf(3, [], control.signal)
    const iterator = stream[Symbol.asyncIterator]()
    await iterator.next()
    control.abort(new Error('enough'))
    expect(await stream.waitForEnding()).toMatchObject({ kind: 'stopped', reason: { message: 'enough' } })
    expect(getEventListeners(control.signal, 'abort')).toEqual([])
    expect(told.log).toEqual(['pull 1', 'transform', 'closed', 'cleanup stopped', 'settle'])
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
    await expect(stream.getFinalResponse()).rejects.toThrow('enough')
  })

  it('ends a pull that is waiting when the consumer returns: without an error', async () => {
    const begun = Promise.withResolvers<void>()
    const stream = new ResponseStream<number, number>({
      async *openUpdates(signal) {
        begun.resolve()
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
        return 1
      },
      settle: async (ending) => ending,
    })
    const iterator = stream[Symbol.asyncIterator]()
    const waiting = iterator.next()
    await begun.promise
    await iterator.return?.()
    expect(await waiting).toEqual({ done: true, value: undefined })
    expect((await stream.waitForEnding()).kind).toBe('stopped')
  })

  it('is stopped before a pull that was asked for at once could begin', async () => {
    const { stream, told } = streamOf(2)
    const iterator = stream[Symbol.asyncIterator]()
    const asked = iterator.next()
    await iterator.return?.()
    expect(await asked).toEqual({ done: true, value: undefined })
    expect(told.log).toEqual(['cleanup stopped', 'settle'])
  })

  it('does not succeed when it is stopped on its last steps', async () => {
    const control = new AbortController()
    const stream = new ResponseStream<number, number>(
      {
        async *openUpdates() {
          yield 1
          control.abort()
          return 1
        },
        settle: async (ending) => ending,
      },
      control.signal,
    )
    expect((await stream.waitForEnding()).kind).toBe('stopped')
  })

  it('was stopped before it began: nothing is pulled, cleanup is told', async () => {
    const { stream, told } = streamOf(2, [], AbortSignal.abort())
    await expect(stream.getFinalResponse()).rejects.toThrow()
    expect(told.log).toEqual(['cleanup stopped', 'settle'])
  })
})
