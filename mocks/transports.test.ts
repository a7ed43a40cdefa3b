import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { http } from 'msw'
import type OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { createService } from './service/service.ts'
import type { Answer, Fault } from './service/types.ts'
import {
  BODY,
  describeError,
  playStory,
  readJson,
  readStream,
  type Story,
} from './testing/over-transports.ts'
import { httpTransportNames, openTransport } from './transports.ts'

const text: Answer = { items: [{ type: 'text', text: 'Überall dieselbe Antwort, auf jedem Weg: 你好.' }] }
const call: Answer = { items: [{ type: 'call', tool: 'get_weather', args: { city: 'Oslo' } }] }
const spoiled = (fault: Fault, ...more: Fault[]): Answer => ({ ...text, faults: [fault, ...more] })

const places = [0, 1, 3, 5, 99]
const faults: Fault[] = [
  { kind: 'http', status: 400, code: 'invalid_value' },
  { kind: 'http', status: 404 },
  { kind: 'http', status: 409 },
  { kind: 'http', status: 429, code: 'rate_limit_exceeded' },
  { kind: 'http', status: 500 },
  { kind: 'http', status: 503, headers: { 'x-should-retry': 'false' } },
  { kind: 'refuse-connection' },
  ...places.flatMap((at): Fault[] => [
    { kind: 'error-event', at, form: 'nested', code: 'server_error' },
    { kind: 'error-event', at, form: 'flat', code: 'server_error' },
    { kind: 'failed', at, code: 'server_error' },
    { kind: 'incomplete', at, reason: 'max_output_tokens' },
    { kind: 'eof', at },
    { kind: 'reset', at },
    { kind: 'garbage', at, data: 'this is {no JSON' },
  ]),
]

const stories: Story[] = [
  { name: 'a streamed text', answers: [text], run: (stage) => readStream(stage) },
  { name: 'a text as JSON', answers: [text], run: (stage) => readJson(stage) },
  { name: 'a streamed tool call', answers: [call], run: (stage) => readStream(stage) },
  { name: 'a tool call as JSON', answers: [call], run: (stage) => readJson(stage) },
  {
    name: 'every wire form at once',
    answers: [
      {
        ...text,
        wire: { chunk: 3, eol: 'crlf', comments: true, done: true, unknown: true, obfuscation: true },
      },
    ],
    run: (stage) => readStream(stage),
  },
  ...faults.flatMap((fault): Story[] => [
    {
      name: `streamed, ${JSON.stringify(fault)}`,
      answers: [spoiled(fault), text],
      run: (stage) => readStream(stage),
    },
    ...(fault.kind === 'error-event'
      ? []
      : [
          {
            name: `as JSON, ${JSON.stringify(fault)}`,
            answers: [spoiled(fault), text],
            run: (stage: Parameters<Story['run']>[0]) => readJson(stage),
          },
        ]),
  ]),
  {
    name: 'two spoiled attempts, then success',
    answers: [spoiled({ kind: 'http', status: 429 }, { kind: 'refuse-connection' })],
    run: (stage) => readStream(stage),
  },
  ...(['stream', 'json'] as const).map(
    (form): Story => ({
      name: `an abort before the head, ${form}`,
      answers: [text],
      gate: (told) => (point) => (point.kind === 'head' ? told('request.cancelled') : undefined),
      async run({ client, waitForEvent: told, noteSeen: saw }) {
        const stop = new AbortController()
        const asked = client.responses.create(
          { ...BODY, input: 'hello', stream: form === 'stream' } as OpenAI.Responses.ResponseCreateParams,
          { signal: stop.signal },
        )
        await told('request')
        stop.abort()
        await asked.then(saw, (error) => saw(describeError(error)))
        await told('request.cancelled')
      },
    }),
  ),
  {
    name: 'an abort of a stream that stalls before its first event',
    answers: [spoiled({ kind: 'stall', at: 0 })],
    async run({ client, waitForEvent: told, noteSeen: saw }) {
      const stop = new AbortController()
      const stream = await client.responses.create(
        { ...BODY, input: 'hello', stream: true },
        { signal: stop.signal },
      )
      saw('the head')
      stop.abort()
      for await (const event of stream) saw(event.type)
      saw('end')
      await told('request.cancelled')
    },
  },
  {
    name: 'an abort in the middle of a stalled stream',
    answers: [spoiled({ kind: 'stall', at: 4 })],
    async run({ client, waitForEvent: told, noteSeen: saw }) {
      const stop = new AbortController()
      try {
        const stream = await client.responses.create(
          { ...BODY, input: 'hello', stream: true },
          { signal: stop.signal },
        )
        let seen = 0
        for await (const event of stream) {
          saw(event.type)
          if (++seen === 4) stop.abort()
        }
        saw('end')
      } catch (error) {
        saw(describeError(error))
      }
      await told('request.cancelled')
    },
  },
  {
    name: 'an abort while half a JSON body has come',
    answers: [spoiled({ kind: 'stall', at: 0 })],
    gate: () => () => undefined,
    async run({ client, waitForEvent: told, noteSeen: saw }) {
      const stop = new AbortController()
      const asked = client.responses.create({ ...BODY, input: 'hello' }, { signal: stop.signal }).asResponse()
      const body = (await asked).text()
      stop.abort()
      await body.then(saw, (error: Error) => saw(error.name))
      await told('request.cancelled')
    },
  },
  {
    name: 'a consumer that breaks the loop of a stalled stream',
    answers: [spoiled({ kind: 'stall', at: 4 })],
    async run({ client, waitForEvent: told, noteSeen: saw }) {
      let seen = 0
      for await (const event of await client.responses.create({ ...BODY, input: 'hello', stream: true })) {
        saw(event.type)
        if (++seen === 2) break
      }
      await told('request.cancelled')
    },
  },
  {
    name: 'a stream that is merely dropped',
    answers: [text, text],
    async run(stage) {
      const stream = await stage.client.responses.create({ ...BODY, input: 'hello', stream: true })
      const events = stream[Symbol.asyncIterator]()
      stage.noteSeen((await events.next()).value?.type)
      // The client reads no more, and nothing tells the service. The service finishes the stream, and the next request
      // works.
      await stage.waitForEvent('response.end')
      await readStream(stage, 'another one')
    },
  },
]

describe('one set of handlers over three transports', () => {
  it.each(stories)('$name', async (story) => {
    const overFetch = await playStory(story, 'fetch')
    expect(overFetch.client.length).toBeGreaterThan(0)
    for (const other of ['intercept', 'http'] as const)
      expect(await playStory(story, other), other).toEqual(overFetch)
  })
})

describe('a request that no handler knows', () => {
  it.each(['intercept', 'fetch'] as const)(
    'is an error that names it over %s, and reaches no network',
    async (name) => {
      const reached: string[] = []
      const canary = createServer((request, response) => {
        reached.push(request.url ?? '')
        response.end('{}')
      })
      await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve))
      const url = `http://127.0.0.1:${(canary.address() as AddressInfo).port}`
      const unknown: string[] = []
      const transport = await openTransport(name, [], {
        baseURL: `${url}/v1`,
        onUnknown: ({ method, url }) => unknown.push(`${method} ${url}`),
      })
      try {
        const ask = transport.fetch ?? fetch
        const error = (await ask(`${url}/v1/somewhere?else=1`, { method: 'POST', body: '{}' }).catch(
          (error) => error,
        )) as Error
        expect(error).toBeInstanceOf(TypeError)
        expect(String((error.cause as Error).message)).toContain(`POST ${url}/v1/somewhere?else=1`)
        expect(unknown).toEqual([`POST ${url}/v1/somewhere?else=1`])
      } finally {
        await transport.close()
        await new Promise((resolve) => canary.close(resolve))
      }
      expect(reached).toEqual([])
    },
  )

  it('is answered 404 over http', async () => {
    const transport = await openTransport('http', [])
    const response = await fetch(`${transport.baseURL}/somewhere`)
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({
      error: { code: 'unknown_url', type: 'invalid_request_error' },
    })
    await transport.close()
  })
})

describe('a request whose signal was aborted before', () => {
  it.each(httpTransportNames)('never reaches the service over %s', async (name) => {
    const seen: string[] = []
    const handler = http.all('*', ({ request }) => {
      seen.push(request.url)
      return new Response('{}')
    })
    const transport = await openTransport(name, [handler])
    const stop = new AbortController()
    stop.abort()
    const ask = transport.fetch ?? fetch
    const asked = ask(`${transport.baseURL}/responses`, { method: 'POST', body: '{}', signal: stop.signal })
    await expect(asked).rejects.toThrow(/abort/i)
    await new Promise((resolve) => setImmediate(resolve))
    await transport.close()
    expect(seen).toEqual([])
  })
})

describe.each(httpTransportNames)("the SDK's own helpers over %s", (name) => {
  it('work against the service', async () => {
    const { helpersWork } = await import('./testing/sdk-helpers.ts')
    await helpersWork(name, createService)
  })
})
