import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Stop } from '../plan/types.ts'
import type { ToDriver } from './protocol.ts'
import { createRemoteRun } from './remote-run.ts'

/** How many updates are asked for at once, of a run of which so many are taken; null where all are. */
async function askedFor(stop: Stop | undefined, taken: number): Promise<(number | null)[]> {
  const sent: ToDriver[] = []
  const run = createRemoteRun('c0.t0', stop, (message) => sent.push(message))
  const updates = run.updates[Symbol.asyncIterator]()
  for (let at = 0; at < taken; at++) {
    const next = updates.next()
    run.hear({
      type: 'update',
      run: 'c0.t0',
      update: { kind: 'other', type: 'a' },
      context: 'kept',
      span: 'kept',
    })
    await next
  }
  return sent.map((message) => (message.type === 'pull' ? (message.most ?? null) : Number.NaN))
}

describe('the updates of a remote run are asked for', () => {
  const counts = fc.integer({ min: 1, max: 6 })

  it.each([
    undefined,
    { how: 'abort', after: { toolStarts: 1 } } as const,
    { how: 'drop', after: { toolStarts: 1 } } as const,
  ])('all at once where its consumer takes all of them, is aborted or lets go', async (stop) => {
    expect(await askedFor(stop, 3)).toEqual([null])
  })

  it('as many as its consumer takes before it stops', () =>
    fc.assert(
      fc.asyncProperty(counts, counts, async (updates, taken) => {
        const asked = await askedFor({ how: 'return', after: { updates } }, taken)
        expect(asked).toEqual(taken > updates ? [updates, null] : [updates])
      }),
    ))

  it('one by one where something else decides when it returns', () =>
    fc.assert(
      fc.asyncProperty(
        counts,
        fc.constantFrom({ toolStarts: 1 }, { request: 0, events: 3 }),
        async (taken, after) => {
          expect(await askedFor({ how: 'return', after }, taken)).toEqual(
            Array.from({ length: taken }, () => 1),
          )
        },
      ),
    ))
})
