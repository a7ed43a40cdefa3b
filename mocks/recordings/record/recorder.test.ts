import { gzipSync } from 'node:zlib'
import OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import { openTransport } from '../../transports.ts'
import { createPlayback } from '../playback.ts'
import { answerJson, answerSse, openUpstream, withRecorder } from '../testing/upstream.ts'

const stream =
  'event: response.created\ndata: {"type":"response.created","n":1.0}\n\nevent: é\r\ndata: { "b": "😀" }\r\n\r\n: end\n\n'

describe('the recorder', () => {
  test('keeps wire text exactly, and passes it on unbuffered', async () => {
    let go = () => {}
    const seen = new Promise<void>((resolve) => {
      go = resolve
    })
    await withRecorder(
      async (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
        const bytes = Buffer.from(stream)
        response.write(bytes.subarray(0, 80))
        // The rest comes only after the client has the first part. A proxy that buffers would wait here for ever.
        await seen
        response.write(bytes.subarray(80, 111))
        response.end(bytes.subarray(111))
      },
      async ({ post, finish }) => {
        const response = await post({ model: 'm', stream: true })
        const parts: Uint8Array[] = []
        for await (const part of response.body ?? []) {
          parts.push(part)
          go()
        }
        expect(Buffer.concat(parts).toString()).toBe(stream)
        const { recordings, refused } = await finish()
        expect(refused).toEqual([])
        expect(recordings.map(({ file }) => file.recordings)).toEqual([
          [
            expect.objectContaining({
              request: expect.objectContaining({ method: 'POST', body: { model: 'm', stream: true } }),
              response: expect.objectContaining({ status: 200, body: { sse: stream, exact: true } }),
            }),
          ],
        ])
      },
    )
  })

  test('what it wrote plays back through the SDK', async () => {
    const body = { id: 'resp_00000001', object: 'response', status: 'completed', output: [] }
    await withRecorder(answerJson(body), async ({ recorder, finish }) => {
      const ask = (client: OpenAI) => client.responses.create({ model: 'gpt-5', input: 'hello' })
      const live = await ask(new OpenAI({ apiKey: 'sk-live-0123456789abcdef', baseURL: recorder.baseURL }))
      const { recordings } = await finish()
      const playback = createPlayback(recordings.map(({ file }) => file))
      const { fetch, baseURL } = await openTransport('fetch', playback.handlers)
      expect(await ask(new OpenAI({ apiKey: 'sk-other', baseURL, fetch }))).toEqual(live)
      expect(JSON.stringify(recordings)).not.toContain('0123456789abcdef')
    })
  })

  test('forwards no header of one connection, and asks for text', async () => {
    await withRecorder(answerJson({}), async ({ post, requests }) => {
      await post(
        {},
        { 'x-kept': '1', te: 'trailers', 'accept-encoding': 'br', authorization: 'Bearer abcdefgh' },
      )
      expect(requests[0]?.url).toBe('/v1/responses')
      expect(requests[0]?.headers).toMatchObject({
        'x-kept': '1',
        'accept-encoding': 'identity',
        authorization: 'Bearer abcdefgh',
      })
      expect(requests[0]?.headers).not.toHaveProperty('te')
    })
  })

  test('a coding that the upstream insists on is undone', async () => {
    const packed = gzipSync(stream)
    await withRecorder(
      (_, response) =>
        response
          .writeHead(200, {
            'content-type': 'text/event-stream',
            'content-encoding': 'gzip',
            'content-length': packed.length,
          })
          .end(packed),
      async ({ post, finish }) => {
        const response = await post({})
        expect(response.headers.get('content-encoding')).toBeNull()
        expect(await response.text()).toBe(stream)
        expect((await finish()).recordings[0]?.file.recordings[0]?.response.body).toEqual({
          sse: stream,
          exact: true,
        })
      },
    )
  })

  test('follows no redirect', async () => {
    const other = await openUpstream(answerJson({ stolen: true }))
    await withRecorder(
      (_, response) => response.writeHead(307, { location: `${other.url}/v1/responses` }).end(),
      async ({ post, finish }) => {
        const response = await post({}, { authorization: 'Bearer abcdefgh' })
        expect(response.status).toBe(502)
        expect(await response.json()).toMatchObject({ error: { code: 'upstream_redirects' } })
        expect(other.requests).toEqual([])
        expect((await finish()).refused[0]).toContain('found a redirect (307)')
      },
    )
    await other.close()
  })

  test('answers on 127.0.0.1 alone, and only to its own names', async () => {
    await withRecorder(answerJson({}), async ({ recorder, requests }) => {
      const { port } = new URL(recorder.baseURL)
      await expect(fetch(`http://127.0.0.2:${port}/v1/responses`)).rejects.toThrow('fetch failed')
      const { request } = await import('node:http')
      const status = await new Promise((resolve) =>
        request(
          { port, host: '127.0.0.1', path: '/v1/responses', headers: { host: 'evil.example' } },
          (answer) => resolve(answer.statusCode),
        ).end(),
      )
      expect(status).toBe(403)
      expect((await fetch(`http://127.0.0.1:${port}/other`)).status).toBe(404)
      expect(requests).toEqual([])
    })
  })

  test('a client that leaves in the middle: upstream is ended, the exchange kept as cut', async () => {
    let gone = () => {}
    const closed = new Promise<void>((resolve) => {
      gone = resolve
    })
    await withRecorder(
      (_, response) => {
        response.on('close', gone)
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write(Buffer.concat([Buffer.from('data: 1\n\ndata: '), Buffer.from('é').subarray(0, 1)]))
      },
      async ({ post, finish }) => {
        const leave = new AbortController()
        const response = await post({}, {}, '/responses', leave.signal)
        await response.body?.getReader().read()
        leave.abort()
        await closed
        expect((await finish()).recordings[0]?.file.recordings[0]?.response.body).toEqual({
          sse: 'data: 1\n\ndata: ',
          exact: true,
          cut: 'client',
        })
      },
    )
  })

  test('a body that breaks upstream breaks for the client and is kept as cut', async () => {
    let breaks = () => {}
    await withRecorder(
      (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write('data: 1\n\nda')
        breaks = () => response.destroy()
      },
      async ({ post, finish }) => {
        const reader = (await post({})).body?.getReader()
        expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('data: 1\n\nda')
        breaks()
        await expect(reader?.read()).rejects.toThrow('terminated')
        expect((await finish()).recordings[0]?.file.recordings[0]?.response.body).toEqual({
          sse: 'data: 1\n\nda',
          exact: true,
          cut: 'upstream',
        })
      },
    )
  })

  test('junk passes through, and is an error rather than a false recording', async () => {
    const junk = Buffer.from([0xff, 0xfe, 0x00])
    await withRecorder(
      (_, response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end(junk),
      async ({ post, finish }) => {
        expect(Buffer.from(await (await post({})).arrayBuffer())).toEqual(junk)
        const { names, refused } = await finish()
        expect(names).toEqual([])
        expect(refused).toEqual([expect.stringContaining('found bytes that are not valid UTF-8')])
      },
    )
  })

  test('what is labelled JSON and is none is kept as text; what is no SSE is kept as it was', async () => {
    await withRecorder(
      (request, response) =>
        response
          .writeHead(200, {
            'content-type': request.text.includes('stream') ? 'text/event-stream' : 'application/json',
          })
          .end('<html>{{{'),
      async ({ post, finish }) => {
        await (await post({ a: 1 })).text()
        await (await post({ stream: true })).text()
        const bodies = (await finish()).recordings.map(({ file }) => file.recordings[0]?.response.body)
        expect(bodies).toEqual([{ text: '<html>{{{' }, { sse: '<html>{{{', exact: true }])
      },
    )
  })

  test('more than 64 MB pass through and are not kept', async () => {
    const piece = Buffer.alloc(1024 * 1024, 'x')
    await withRecorder(answerSse(...Array<Uint8Array>(65).fill(piece)), async ({ post, finish }) => {
      expect((await (await post({})).arrayBuffer()).byteLength).toBe(65 * piece.length)
      const { names, refused } = await finish()
      expect(names).toEqual([])
      expect(refused[0]).toContain('found more than 67108864 bytes')
    })
  })

  test('an upstream that is not there gives 502, and the recorder goes on', async () => {
    await withRecorder(
      answerJson({}),
      async ({ post, finish }) => {
        expect((await post({})).status).toBe(502)
        expect((await finish()).refused[0]).toContain('found no answer')
      },
      { upstream: 'http://127.0.0.1:1/v1' },
    )
  })
})
