import { describe, expect, test } from 'vitest'
import type { Json } from '../json.ts'
import { httpTransportNames, openTransport } from '../transports.ts'
import { createPlayback, type PlaybackOptions } from './playback.ts'
import type { Recording, RecordingFile } from './types.ts'

const post = (body: Json, answer: Recording['response']['body'], status = 200): Recording => ({
  request: { method: 'POST', url: 'https://api.openai.com/v1/responses', headers: {}, body, recorded: true },
  response: {
    status,
    headers: { 'x-request-id': 'req_1', 'content-length': '3', connection: 'close' },
    body: answer,
  },
})
const file = (...recordings: Recording[]): RecordingFile => ({ schema: 1, id: 'one', recordings })

async function ask(files: RecordingFile, options: PlaybackOptions = {}) {
  const playback = createPlayback([files], options)
  const transport = await openTransport('fetch', playback.handlers)
  const send = (body: Json, path = '/responses', method = 'POST') =>
    (transport.fetch as typeof fetch)(
      transport.baseURL + path,
      method === 'GET' ? { method } : { method, body: JSON.stringify(body) },
    )
  return { playback, send }
}

describe('playback', () => {
  test.each(httpTransportNames)('serves wire text byte for byte over %s', async (name) => {
    const texts = [
      'event: a\ndata: {"é":"😀"}\n\n',
      ': comment\r\n\r\ndata: 1\r\rdata: cut',
      'data: [DONE]\n\n',
      '',
    ]
    const playback = createPlayback([file(...texts.map((sse) => post(null, { sse, exact: true })))])
    const transport = await openTransport(name, playback.handlers)
    try {
      for (const text of texts) {
        const response = await (transport.fetch ?? fetch)(`${transport.baseURL}/responses`, {
          method: 'POST',
        })
        expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
        expect(response.headers.get('x-request-id')).toBe('req_1')
        expect(new TextDecoder().decode(await response.arrayBuffer())).toBe(text)
      }
    } finally {
      await transport.close()
    }
  })

  test('gives each recording once, equal requests in the order recorded', async () => {
    const { send, playback } = await ask(
      file(
        post({ a: 1, b: 2 }, { json: 'first' }),
        post({ a: 2 }, { json: 'other' }),
        post({ b: 2, a: 1 }, { json: 'second' }),
      ),
    )
    expect(await (await send({ a: 1, b: 2 })).json()).toBe('first')
    expect(await (await send({ a: 1, b: 2 })).json()).toBe('second')
    expect(playback.unused().map(({ index }) => index)).toEqual([1])
    const refused = await send({ a: 1, b: 2 })
    expect(refused.status).toBe(400)
    expect(await refused.json()).toMatchObject({
      error: {
        code: 'recording_mismatch',
        message: expect.stringMatching(/equals \S+ interaction 2, which has been served already/),
        param: null,
      },
    })
    await send({ a: 2 })
    expect(await (await send({ a: 3 })).json()).toMatchObject({
      error: { message: 'POST /responses: all recordings are used up', param: null },
    })
  })

  test('with loop, the last equal one again', async () => {
    const { send } = await ask(file(post(1, { json: 'first' }), post(1, { json: 'last' })), { loop: true })
    const answers: unknown[] = []
    for (let k = 0; k < 4; k++) answers.push(await (await send(1)).json())
    expect(answers).toEqual(['first', 'last', 'last', 'last'])
  })

  test('tells the first difference from the nearest unused recording', async () => {
    const near = { input: [{ role: 'user', content: 'hello' }], model: 'm', tools: [] }
    const { send, playback } = await ask(file(post({ input: 'x' }, { json: 0 }), post(near, { json: 1 })))
    await send({ ...near, input: [{ role: 'user', content: 'hel\x1bo' }] })
    expect(playback.mismatches).toMatchObject([
      {
        nearest: { file: 'one', index: 1 },
        difference: { path: '$.input[0].content', recorded: 'hello', received: 'hel\x1bo' },
        message:
          'POST /responses equals no unused recording; nearest one interaction 1, first difference at $.input[0].content: recorded "hello", received "hel\\u001bo"',
      },
    ])
    await send(null, '/responses/resp_1', 'GET')
    expect(playback.mismatches[1]?.difference).toEqual({ path: 'method', recorded: 'POST', received: 'GET' })
  })

  test('leaves ignored keys out, and obeys a matcher', async () => {
    const one = file(post({ input: 'x', temperature: 1 }, { json: 1 }))
    const ignoring = await ask(one, { ignore: ['temperature', 'model'] })
    expect((await ignoring.send({ input: 'x', model: 'm' })).status).toBe(200)
    const matching = await ask(one, { match: () => ({ path: 'mine', recorded: 1, received: 2 }) })
    expect(await (await matching.send({ input: 'x', temperature: 1 })).json()).toMatchObject({
      error: { param: 'mine' },
    })
  })

  test('a request that was not kept answers any of its method and path, after those that equal', async () => {
    const unkept = post(null, { json: 'unkept' })
    const { send } = await ask(
      file({ ...unkept, request: { ...unkept.request, recorded: false } }, post({ a: 1 }, { json: 'kept' })),
    )
    expect(await (await send({ a: 1 })).json()).toBe('kept')
    expect(await (await send({ z: 1 })).json()).toBe('unkept')
  })

  test('a recording is unexercised if playback compared none of its requests, also if it was served', async () => {
    const unkept = post(null, { json: 'unkept' })
    const files = [
      { ...file({ ...unkept, request: { ...unkept.request, recorded: false } }), id: 'unkept' },
      { ...file(post({ a: 1 }, { json: 'kept' })), id: 'kept' },
      { ...file(post({ b: 1 }, { json: 'never' })), id: 'never' },
    ]
    const playback = createPlayback(files)
    expect(playback.unexercised()).toEqual(['unkept', 'kept', 'never'])
    const { fetch: send, baseURL } = await openTransport('fetch', playback.handlers)
    for (const body of ['{"a":1}', '{"z":1}'])
      expect((await send?.(`${baseURL}/responses`, { method: 'POST', body }))?.status).toBe(200)
    expect(playback.served.map(({ file }) => file)).toEqual(['kept', 'unkept'])
    expect(playback.unexercised()).toEqual(['unkept', 'never'])
  })

  test('holds the head and each act where the hooks say so', async () => {
    const seen: (string | number)[] = []
    const { send } = await ask(file(post(1, { sse: 'data: 1\n\ndata: 2\n\n', exact: true })), {
      hooks: ({ file, index }) => ({
        head: async () => void seen.push(`${file}.${index}`),
        body: { before: async (at) => void seen.push(at), after: (at) => seen.push(`sent ${at}`) },
      }),
    })
    await (await send(1)).text()
    expect(seen).toEqual(['one.0', 0, 'sent 0', 1, 'sent 1', 2, 'sent 2'])
  })

  test('a recording cut by the server breaks; one cut by its client falls silent', async () => {
    const broken = await ask(file(post(1, { sse: 'data: 1\n\nda', exact: true, cut: 'upstream' })))
    await expect((await broken.send(1)).text()).rejects.toThrow('terminated')
    let cancelled = 0
    const left = await ask(file(post(1, { sse: 'data: 1\n\n', exact: true, cut: 'client' })), {
      hooks: () => ({ body: { cancelled: () => cancelled++ } }),
    })
    const reader = (await left.send(1)).body?.getReader() as ReadableStreamDefaultReader<Uint8Array>
    // The first chunk may be empty. It brings the head to the client.
    let text = ''
    while (text === '') text += new TextDecoder().decode((await reader.read()).value)
    expect(text).toBe('data: 1\n\n')
    await reader.cancel()
    expect(cancelled).toBe(1)
  })

  test('statuses without a body have none', async () => {
    const { send } = await ask(file(post(1, { text: '' }, 204)))
    const response = await send(1)
    expect([response.status, response.body]).toEqual([204, null])
  })

  test('a request nested too deep is refused, one that is no JSON is compared as text', async () => {
    const { send, playback } = await ask(file(post('', { json: 1 })))
    const deep = await send(JSON.parse(`${'['.repeat(100)}${']'.repeat(100)}`))
    expect(deep.status).toBe(400)
    expect(playback.mismatches).toHaveLength(0)
  })
})
