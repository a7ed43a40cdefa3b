import OpenAI from 'openai'
import { zodTextFormat } from 'openai/helpers/zod'
import { expect } from 'vitest'
import { z } from 'zod'
import { queueScript } from '../service/script.ts'
import type { createService } from '../service/service.ts'
import { openTransport, type TransportName } from '../transports.ts'
import { BODY } from './over-transports.ts'

/**
 * Runs the helpers of the `openai` SDK against a fresh service, because they expect more of a service than `create`
 * does.
 */
export async function helpersWork(name: TransportName, create: typeof createService): Promise<void> {
  const sunny = JSON.stringify({ city: 'Oslo', degrees: 21 })
  const service = create({
    script: queueScript([
      { items: [{ type: 'text', text: 'streamed by the helper' }] },
      { items: [{ type: 'call', tool: 'get_weather', args: { city: 'Oslo' } }] },
      { items: [{ type: 'text', text: sunny }] },
      { items: [{ type: 'text', text: sunny }] },
      {
        items: [{ type: 'text', text: 'at the third attempt' }],
        faults: [
          { kind: 'http', status: 500 },
          { kind: 'http', status: 429 },
        ],
      },
      { items: [{ type: 'text', text: 'with its response' }] },
      { items: [{ type: 'text', text: 'resumed in the background' }] },
    ]),
  })
  const transport = await openTransport(name, service.handlers)
  try {
    const client = new OpenAI({
      baseURL: transport.baseURL,
      apiKey: 'sk-test',
      ...(transport.fetch ? { fetch: transport.fetch } : {}),
    })
    await streams(client)
    await parses(client)
    await retriesAndResponds(client)
    await resumes(client)
  } finally {
    await transport.close()
  }
}

async function streams(client: OpenAI): Promise<void> {
  const stream = client.responses.stream({ ...BODY, input: 'stream, please' })
  const deltas: string[] = []
  stream.on('response.output_text.delta', ({ delta }) => deltas.push(delta))
  const final = await stream.finalResponse()
  expect(final.output_text).toBe('streamed by the helper')
  expect(deltas.join('')).toBe('streamed by the helper')

  const calling = await client.responses.stream({ ...BODY, input: 'call, please' }).finalResponse()
  const [item] = calling.output
  expect(item).toMatchObject({ type: 'function_call', name: 'get_weather', status: 'completed' })
  expect(JSON.parse((item as { arguments: string }).arguments)).toEqual({ city: 'Oslo' })
}

async function parses(client: OpenAI): Promise<void> {
  const format = zodTextFormat(z.object({ city: z.string(), degrees: z.number() }), 'weather')
  const parsed = await client.responses.parse({ model: BODY.model, input: 'as JSON', text: { format } })
  expect(parsed.output_parsed).toEqual({ city: 'Oslo', degrees: 21 })
  const streamed = await client.responses
    .stream({ model: BODY.model, input: 'as JSON', text: { format } })
    .finalResponse()
  expect(streamed.output_parsed).toEqual({ city: 'Oslo', degrees: 21 })
}

async function retriesAndResponds(client: OpenAI): Promise<void> {
  const retried = await client.responses.create({ ...BODY, input: 'retry, please' })
  expect(retried.output_text).toBe('at the third attempt')
  const { data, response, request_id } = await client.responses
    .create({ ...BODY, input: 'whole' })
    .withResponse()
  expect(data.output_text).toBe('with its response')
  expect(response.status).toBe(200)
  expect(request_id).toMatch(/^req_[0-9a-f]{32}$/)
}

async function resumes(client: OpenAI): Promise<void> {
  const begun = await client.responses.create({
    ...BODY,
    input: 'in the background',
    background: true,
    stream: true,
  })
  const before: OpenAI.Responses.ResponseStreamEvent[] = []
  for await (const event of begun) before.push(event)
  const [first] = before
  const id = first?.type === 'response.created' ? first.response.id : ''
  const after: OpenAI.Responses.ResponseStreamEvent[] = []
  for await (const event of await client.responses.retrieve(id, { stream: true, starting_after: 3 }))
    after.push(event)
  expect(after).toEqual(before.slice(4))
  const final = await client.responses.stream({ response_id: id, starting_after: 1 }).finalResponse()
  expect(final.output_text).toBe('resumed in the background')
}
