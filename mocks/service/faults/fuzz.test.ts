import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createService } from '../service.ts'
import { answers, faults, wires } from '../testing/arbitraries.ts'
import { createHeldGate, waitUntilSettled } from '../testing/held.ts'
import { createKnownIds, fillPlaces, learnIds } from '../testing/known.ts'
import { facts, requests } from '../testing/requests.ts'
import type { Answer } from '../types.ts'
import type { ServiceEvent } from '../watch.ts'

const spoiledAnswers: fc.Arbitrary<Answer> = fc
  .tuple(answers, fc.array(faults, { maxLength: 2 }), wires)
  .map(([answer, spoiling, wire]) => ({ ...answer, faults: spoiling, wire }))

/** Reads a body until its end, a stall, a break or an abort. */
async function read(response: Response): Promise<string> {
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  const all = (async () => {
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read())
      text += decoder.decode(part.value, { stream: true })
  })().catch(() => undefined)
  await Promise.race([all, waitUntilSettled()])
  await reader?.cancel().catch(() => undefined)
  return text
}

describe('the service under faults, wire forms and clients that go', () => {
  it('never throws, has no 5xx but the scripted, ends every request once, and leaves no conversation locked', async () => {
    let accepted = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(requests, fc.nat(30)), { minLength: 1, maxLength: 25, size: 'max' }),
        fc.array(spoiledAnswers, { minLength: 1, maxLength: 4 }),
        facts,
        async (sequence, script, chosen) => {
          const seen: ServiceEvent[] = []
          const statuses: number[] = []
          let asked = 0
          const held = createHeldGate()
          const service = createService({
            facts: chosen,
            gate: held.gate,
            script: () => script[asked++ % script.length],
            watch: (event) => seen.push(event),
          })
          const known = createKnownIds()
          for (const [request, gates] of sequence) {
            const { method, path, body } = fillPlaces(request, known)
            const abort = new AbortController()
            const init = { method, signal: abort.signal, ...(body === undefined ? {} : { body }) }
            const answering = service.handle(new Request(`http://service.test/v1${path}`, init))
            // The client goes after this many gates, if the answer has more.
            for (let opened = 0; opened < gates; opened++) {
              if (held.waiting().length === 0) await waitUntilSettled()
              if (held.waiting().length === 0) break
              held.open()
            }
            await waitUntilSettled()
            const waits = held.waiting().length > 0
            if (waits) abort.abort()
            const response = await answering
            statuses.push(response.status)
            learnIds(known, await read(response))
            while (held.waiting().length > 0) held.open()
          }
          const scripted = script.flatMap(({ faults: list = [] }) =>
            list.map((fault) => (fault.kind === 'http' ? fault.status : 0)),
          )
          expect(statuses.filter((status) => status >= 500 && !scripted.includes(status))).toEqual([])
          accepted += statuses.filter((status) => status === 200).length
          const ended = seen.flatMap((event) => (event.type === 'response.end' ? [event.request] : []))
          expect(new Set(ended).size).toBe(ended.length)
          expect(ended.length).toBe(sequence.length)
          const running = [...service.store.responses.values()].filter(
            ({ response: { status } }) => status === 'queued' || status === 'in_progress',
          )
          const locked = [...service.store.conversations.values()].filter(
            ({ lockedBy }) => lockedBy !== undefined,
          )
          if (running.length === 0) expect(locked).toEqual([])
        },
      ),
      { numRuns: 150 },
    )
    expect(accepted).toBeGreaterThan(100)
  })
})
