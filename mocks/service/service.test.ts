import fc from 'fast-check'
import { zodTextFormat } from 'openai/helpers/zod'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { queueScript } from './script.ts'
import { createService } from './service.ts'
import { answers, createOptions } from './testing/arbitraries.ts'
import { callService } from './testing/calls.ts'
import { createClient } from './testing/client.ts'
import type { Answer } from './types.ts'
import type { ServiceEvent } from './watch.ts'

const weather = {
  type: 'function' as const,
  name: 'get_weather',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  },
  strict: true,
}
const says = (text: string): Answer => ({ items: [{ type: 'text', text }] })
const calls: Answer = { items: [{ type: 'call', tool: 'get_weather', args: { city: 'Zürich' } }] }

describe('a service behind the openai client', () => {
  it('answers as scripted, in JSON', async () => {
    const client = createClient(createService({ script: queueScript([says('Grüße')]) }))
    const response = await client.responses.create({ model: 'm', input: 'hi' })
    expect(response.output_text).toBe('Grüße')
    expect(await client.responses.retrieve(response.id)).toMatchObject({
      id: response.id,
      status: 'completed',
    })
  })

  it('streams what the SDK gathers to the same response as the terminal event', async () => {
    const reasoning = { type: 'reasoning' as const, summary: ['Thinking it over.'], encrypted: true }
    const service = createService({ script: queueScript([{ items: [reasoning, ...calls.items] }]) })
    const stream = createClient(service).responses.stream({ model: 'm', input: 'hi', tools: [weather] })
    const final = await stream.finalResponse()
    expect(final.output.map(({ type }) => type)).toEqual(['reasoning', 'function_call'])
    expect(final.output[1]).toMatchObject({
      name: 'get_weather',
      arguments: '{"city":"Zürich"}',
      status: 'completed',
    })
  })

  it('cuts a text in the same places whatever was asked before, if asked to', async () => {
    const text = 'A text that is long enough for many deltas. '.repeat(5)
    const cut = async (cutsByText: boolean, before: number) => {
      const service = createService({ cutsByText, script: queueScript(Array(before + 1).fill(says(text))) })
      const client = createClient(service)
      for (let asked = 0; asked < before; asked++) await client.responses.create({ model: 'm', input: 'hi' })
      const stream = await client.responses.create({ model: 'm', input: 'hi', stream: true })
      return (await Array.fromAsync(stream)).flatMap((event) =>
        event.type === 'response.output_text.delta' ? [event.delta] : [],
      )
    }
    expect(await cut(true, 0)).toEqual(await cut(true, 3))
    expect(await cut(false, 0)).not.toEqual(await cut(false, 3))
  })

  it('continues a chain: an answered call goes through, an open one is refused', async () => {
    const service = createService({ script: queueScript([calls, says('warm')]) })
    const client = createClient(service)
    const first = await client.responses.create({ model: 'm', input: 'hi', tools: [weather] })
    const call = first.output[0]
    const previous_response_id = first.id
    await expect(
      client.responses.create({ model: 'm', input: 'and?', previous_response_id }),
    ).rejects.toMatchObject({
      status: 400,
      param: 'input',
      code: null,
    })
    const output = {
      type: 'function_call_output' as const,
      call_id: call?.type === 'function_call' ? call.call_id : '',
      output: '21',
    }
    const second = await client.responses.create({
      model: 'm',
      input: [output],
      previous_response_id,
      stream: true,
    })
    for await (const event of second)
      if (event.type === 'response.completed') expect(event.response.output_text).toBe(undefined)
  })

  it('gives a further attempt at a spoiled answer, and tells what happened in order', async () => {
    const seen: ServiceEvent[] = []
    const script = queueScript([
      {
        ...says('at last'),
        faults: [
          { kind: 'http', status: 429, code: 'rate_limit_exceeded' },
          { kind: 'http', status: 503 },
        ],
      },
    ])
    const client = createClient(createService({ script, watch: (event) => seen.push(event) }), {
      maxRetries: 2,
    })
    const response = await client.responses.create({ model: 'm', input: 'hi' })
    expect(response.output_text).toBe('at last')
    expect(
      seen.map((event) =>
        event.type === 'request'
          ? `request ${event.request.attempt}`
          : event.type === 'response.end'
            ? event.outcome
            : event.type,
      ),
    ).toEqual(['request 0', 'http', 'request 1', 'http', 'request 2', 'completed'])
  })

  it('serves the SDK’s helpers: parse, withResponse, the pages of a list', async () => {
    const json: Answer = { items: [{ type: 'text', text: '{"n":3}' }], always: true }
    const client = createClient(createService({ script: queueScript([json]) }))
    const format = zodTextFormat(z.object({ n: z.number() }), 'number')
    const parsed = await client.responses.parse({ model: 'm', input: 'hi', text: { format } })
    expect(parsed.output_parsed).toEqual({ n: 3 })
    const { data, request_id } = await client.responses.create({ model: 'm', input: 'hi' }).withResponse()
    expect([data.status, request_id?.startsWith('req_')]).toEqual(['completed', true])
    const input = ['a', 'b', 'c'].map((content) => ({ role: 'user' as const, content }))
    const listed = await client.responses.create({ model: 'm', input })
    const seen: unknown[] = []
    for await (const item of client.responses.inputItems.list(listed.id, { limit: 2, order: 'asc' }))
      seen.push(item.type)
    expect(seen).toHaveLength(3)
  })

  it('gives as JSON what it gives as the end of a stream, from one seed', async () => {
    await fc.assert(
      fc.asyncProperty(answers, createOptions, fc.string(), async (answer, options, seed) => {
        const [json, streamed] = await Promise.all(
          [false, true].map((stream) => {
            const service = createService({
              seed,
              now: () => 1_790_000_000_000,
              script: queueScript([answer]),
            })
            return callService(service, 'POST', '/responses', { model: 'm', input: 'hi', ...options, stream })
          }),
        )
        expect(streamed?.events.at(-1)?.['response']).toEqual(json?.json)
      }),
      { numRuns: 100 },
    )
  })

  it('says nothing to a client that goes while it sends', async () => {
    const seen: ServiceEvent[] = []
    const body = new ReadableStream({ start: (controller) => controller.error(new Error('gone')) })
    const request = new Request('http://service.test/v1/responses', {
      method: 'POST',
      body,
      duplex: 'half',
    } as RequestInit)
    expect((await createService({ watch: (event) => seen.push(event) }).handle(request)).type).toBe('error')
    expect(seen).toEqual([])
  })
})
