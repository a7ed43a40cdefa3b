import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../json.ts'
import { queueScript } from '../script.ts'
import { createService, type ServiceSetup } from '../service.ts'
import { callService } from '../testing/calls.ts'
import { createHeldGate, waitUntilSettled } from '../testing/held.ts'
import type { Answer } from '../types.ts'

const says: Answer = {
  items: [{ type: 'text', text: 'A story of some length, told to the end.' }],
  always: true,
}
const make = (setup: ServiceSetup = {}) => createService({ script: queueScript([says]), ...setup })
const background = { model: 'm', input: 'hi', background: true }
const post = (body: JsonObject) =>
  new Request('http://service.test/v1/responses', { method: 'POST', body: JSON.stringify(body) })

describe('a background response', () => {
  it('is queued, then in progress, then completed, a step a poll', async () => {
    const service = make()
    const created = (await callService(service, 'POST', '/responses', background)).json
    expect(created).toMatchObject({
      status: 'queued',
      background: true,
      output: [],
      usage: null,
      completed_at: null,
    })
    const polled: unknown[] = []
    for (let poll = 0; poll < 3; poll++) {
      const { status, output, usage } = (
        await callService(service, 'GET', `/responses/${String(created['id'])}`)
      ).json
      polled.push([status, (output as unknown[]).length, usage === null])
    }
    expect(polled).toEqual([
      ['in_progress', 0, true],
      ['completed', 1, false],
      ['completed', 1, false],
    ])
  })

  it('streams created, queued, in_progress; resumed from N it repeats the events from N+1 on, number for number', async () => {
    const service = make()
    const { events } = await callService(service, 'POST', '/responses', { ...background, stream: true })
    expect(events.slice(0, 3).map(({ type }) => type)).toEqual([
      'response.created',
      'response.queued',
      'response.in_progress',
    ])
    const { id } = (events[0]?.['response'] ?? {}) as JsonObject
    for (let after = 0; after < events.length + 2; after++) {
      const resumed = await callService(
        service,
        'GET',
        `/responses/${String(id)}?stream=true&starting_after=${after}`,
      )
      expect(resumed.status).toBe(200)
      expect(resumed.events).toEqual(events.slice(after + 1))
    }
    expect((await callService(service, 'GET', `/responses/${String(id)}?stream=true`)).events).toEqual(events)
  })

  it('outlives its client: it can be resumed from where the stream broke off', async () => {
    const held = createHeldGate()
    const service = make({ gate: held.gate })
    const opened = service.handle(post({ ...background, stream: true }))
    for (let gate = 0; gate < 6; gate++) {
      await waitUntilSettled()
      held.open()
    }
    await waitUntilSettled()
    await (await opened).body?.cancel()
    held.release()
    const [id = ''] = [...service.store.responses.keys()]
    expect(service.store.responses.get(id)?.response.status).toBe('in_progress')
    const resumed = await callService(service, 'GET', `/responses/${id}?stream=true&starting_after=4`)
    expect(resumed.events[0]).toMatchObject({ sequence_number: 5 })
    expect(resumed.events.at(-1)).toMatchObject({
      type: 'response.completed',
      response: { status: 'completed' },
    })
    expect(service.store.responses.get(id)?.response.status).toBe('completed')
  })

  it('is cancelled while it runs, again with the same answer, and stays cancelled (SERVICE-FACTS 8)', async () => {
    const service = make()
    const { id } = (await callService(service, 'POST', '/responses', background)).json
    const first = await callService(service, 'POST', `/responses/${String(id)}/cancel`)
    expect(first.json).toMatchObject({
      status: 'cancelled',
      output: [],
      usage: null,
      error: null,
      incomplete_details: null,
      completed_at: null,
    })
    expect((await callService(service, 'POST', `/responses/${String(id)}/cancel`)).json).toEqual(first.json)
    expect((await callService(service, 'GET', `/responses/${String(id)}`)).json).toEqual(first.json)
  })

  it.each([
    ['continues', 'response.completed', 'completed'],
    ['ends-failed', 'response.failed', 'cancelled'],
  ] as const)(
    'cancelled with its stream open (cancelledStream: %s)',
    async (cancelledStream, last, status) => {
      for (const chunk of [undefined, 50]) {
        const held = createHeldGate()
        const script = queueScript([{ ...says, ...(chunk === undefined ? {} : { wire: { chunk } }) }])
        const service = make({ script, gate: held.gate, facts: { cancelledStream } })
        const opened = service.handle(post({ ...background, stream: true }))
        for (let gate = 0; gate < 8; gate++) {
          await waitUntilSettled()
          held.open(1)
        }
        const [id = ''] = [...service.store.responses.keys()]
        const cancelling = callService(service, 'POST', `/responses/${id}/cancel`)
        await waitUntilSettled()
        held.release()
        expect((await cancelling).json).toMatchObject({ status: 'cancelled' })
        const text = await (await opened).text()
        const events = text
          .split('\n')
          .filter((line) => line.startsWith('data: '))
          .map((line) => JSON.parse(line.slice(6)))
        expect(events.map(({ sequence_number }) => sequence_number)).toEqual([...events.keys()])
        expect(events.at(-1)).toMatchObject({ type: last, response: { status } })
        expect(service.store.responses.get(id)?.response.status).toBe('cancelled')
      }
    },
  )

  it('without store it is kept for ten minutes (SERVICE-FACTS 7, 8)', async () => {
    let time = 1_790_000_000_000
    const service = make({ now: () => time })
    const { id } = (await callService(service, 'POST', '/responses', { ...background, store: false })).json
    time += 599_999
    expect((await callService(service, 'GET', `/responses/${String(id)}`)).status).toBe(200)
    time += 1
    expect((await callService(service, 'GET', `/responses/${String(id)}`)).status).toBe(404)
  })

  it.each(['failed', 'incomplete'] as const)(
    '%s: the fault happens to the run, not to the connection',
    async (kind) => {
      const fault =
        kind === 'failed' ? { kind, at: 4, code: 'server_error' } : { kind, at: 4, reason: 'content_filter' }
      const service = make({ script: queueScript([{ ...says, faults: [fault] }]) })
      const { id } = (await callService(service, 'POST', '/responses', background)).json
      await callService(service, 'GET', `/responses/${String(id)}`)
      expect((await callService(service, 'GET', `/responses/${String(id)}`)).json).toMatchObject({
        status: kind,
      })
    },
  )
})

describe('a background response that is not stored', () => {
  it.each(['GET', 'DELETE'])(
    'is there or gone for the whole of one %s, at whichever moment it expires',
    async (method) => {
      for (let before = 0; before < 40; before++) {
        let time = 0
        const service = createService({ now: () => time++, facts: { retentionMs: 1_000 } })
        const body = { model: 'gpt-5.1', input: 'hi', background: true, store: false }
        const { json } = await callService(service, 'POST', '/responses', body)
        time = 1_020 - before
        const { status } = await callService(service, method, `/responses/${String(json['id'])}`)
        expect([200, 404, 409, 400]).toContain(status)
      }
    },
  )
})
