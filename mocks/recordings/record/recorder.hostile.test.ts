import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, test } from 'vitest'
import { readRecordings } from '../formats/read.ts'
import { answerJson, answerSse, openUpstream, withRecorder } from '../testing/upstream.ts'
import type { Recording } from '../types.ts'
import { startRecorder } from './recorder.ts'

describe('the recorder under hostile traffic', () => {
  test('headers named in `connection`, and all of one connection, stay on this side', async () => {
    await withRecorder(answerJson({}), async ({ recorder, requests }) => {
      const { port } = new URL(recorder.baseURL)
      const headers = {
        connection: 'keep-alive, x-hop',
        'x-hop': 'secret',
        'keep-alive': 'timeout=1',
        'proxy-authorization': 'Basic abc',
        'proxy-connection': 'x',
        te: 'trailers',
        upgrade: 'websocket',
        'x-end': 'kept',
        'content-type': 'application/json',
      }
      const asked = httpRequest({ port, host: '127.0.0.1', path: '/v1/responses', method: 'POST', headers })
      asked.end('{}')
      const [answer] = await once(asked, 'response')
      answer.resume()
      expect(answer.statusCode).toBe(200)
      const seen = requests[0]?.headers ?? {}
      expect(seen).toMatchObject({
        'x-end': 'kept',
        'accept-encoding': 'identity',
        host: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      })
      for (const name of ['x-hop', 'proxy-authorization', 'proxy-connection', 'te', 'upgrade'])
        expect(seen).not.toHaveProperty(name)
    })
  })

  test('a request with two lengths is refused and never forwarded', async () => {
    const { connect } = await import('node:net')
    await withRecorder(answerJson({}), async ({ recorder, requests }) => {
      const { port } = new URL(recorder.baseURL)
      const socket = connect(Number(port), '127.0.0.1')
      socket.end(
        `POST /v1/responses HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /v1/x HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`,
      )
      let text = ''
      for await (const chunk of socket) text += chunk
      expect(text).toMatch(/^HTTP\/1\.1 400 /)
      expect(requests).toEqual([])
    })
  })

  test('paths cannot leave the upstream: what is below the base stays below it', async () => {
    await withRecorder(answerJson({}), async ({ recorder, requests }) => {
      const { port } = new URL(recorder.baseURL)
      for (const path of [
        '/v1/../admin',
        '/v1/%2e%2e/admin',
        '/v1//other.example/x',
        '/v1/@other.example/x',
      ]) {
        const asked = httpRequest({ port, host: '127.0.0.1', path, method: 'GET' })
        asked.end()
        const [answer] = await once(asked, 'response')
        answer.resume()
      }
      expect(requests.every(({ url }) => url.startsWith('/v1/'))).toBe(true)
      expect(requests.some(({ url }) => url.includes('admin'))).toBe(false)
    })
  })

  test.each([
    ['/v1/responses/resp_%2541%2Fb?after=%C3%A9', '/api%20v1/responses/resp_%2541%2Fb?after=%C3%A9'],
    ['/%76%31/responses', '/api%20v1/responses'],
    ['/v%31/responses/resp_1', '/api%20v1/responses/resp_1'],
    ['/%76%31/@other.example/x', '/api%20v1/@other.example/x'],
    ['/v1%2Fresponses', undefined],
    ['/v1x/responses', undefined],
    ['/%ff1/responses', undefined],
    ['/v1', undefined],
  ])(
    '%s is forwarded below an encoded base as %s, and recorded as it was asked for',
    async (path, forwarded) => {
      const upstream = await openUpstream(answerJson({ id: 'resp_1' }))
      const out = await mkdtemp(join(tmpdir(), 'encoded-'))
      const recorder = await startRecorder({ upstream: `${upstream.url}/api%20v1/`, out })
      try {
        const { port } = new URL(recorder.baseURL)
        const asked = httpRequest({ port, host: '127.0.0.1', path, method: 'GET' })
        asked.end()
        const [answer] = await once(asked, 'response')
        answer.resume()
        expect(answer.statusCode).toBe(forwarded === undefined ? 404 : 200)
        expect(upstream.requests.map(({ url }) => url)).toEqual(forwarded === undefined ? [] : [forwarded])
        const { errors } = await recorder.close()
        const { recordings } = await readRecordings(out)
        expect(errors).toEqual([])
        expect(recordings.flatMap(({ file }) => file.recordings.map(({ request }) => request.url))).toEqual(
          forwarded === undefined ? [] : [forwarded.replace('/api%20v1', 'https://upstream.invalid/v1')],
        )
      } finally {
        await recorder.close()
        await upstream.close()
        await rm(out, { recursive: true })
      }
    },
  )

  test.each([
    ['another site', { origin: 'https://evil.example' }, 403],
    ['a sandboxed frame', { origin: 'null' }, 403],
    ['another port of localhost', { origin: 'http://localhost:3000' }, 403],
    ['cross-site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['same-site', { 'sec-fetch-site': 'same-site' }, 403],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['plain text', { 'content-type': 'text/plain' }, 415],
    ['no type', { 'content-type': '' }, 415],
  ])('a page cannot ask through it: %s', async (_, headers, status) => {
    await withRecorder(answerJson({}), async ({ post, requests, finish }) => {
      const response = await post({}, headers as Record<string, string>)
      expect(response.status).toBe(status)
      expect(response.headers.get('access-control-allow-origin')).toBeNull()
      expect(await finish()).toMatchObject({ names: [], refused: [] })
      expect(requests).toEqual([])
    })
  })

  test.each(['http://jane:hunter22@127.0.0.1/v1', 'file:///etc/passwd', 'not a url'])(
    '%s is no upstream, and the error repeats no password',
    async (upstream) => {
      const refused = startRecorder({ upstream, out: 'never' })
      await expect(refused).rejects.toThrow('expected an http or https URL without user and password')
      await expect(refused).rejects.not.toThrow('hunter22')
    },
  )

  test('many clients at once: each exchange whole, each conversation its own file', async () => {
    await withRecorder(
      (request, response) => {
        const { input } = JSON.parse(request.text)
        const frames = Array.from({ length: 20 }, (_, n) => `data: {"says":"${input}","n":${n}}\n\n`)
        return answerSse(...frames)(request, response)
      },
      async ({ post, finish }) => {
        const names = Array.from({ length: 16 }, (_, n) => `client ${n}`)
        await Promise.all(names.map(async (input) => (await post({ input, stream: true })).text()))
        const { recordings, refused } = await finish()
        expect(refused).toEqual([])
        expect(recordings).toHaveLength(16)
        for (const { file } of recordings) {
          const { request, response } = file.recordings[0] as Recording
          const { input } = request.body as { input: string }
          const { sse: wire } = response.body as { sse: string }
          expect(wire.match(new RegExp(`"${input}"`, 'g'))).toHaveLength(20)
        }
      },
    )
  })

  test('a client that leaves before any answer: nothing to keep, but it is told', async () => {
    const leave = new AbortController()
    await withRecorder(
      () => leave.abort(),
      async ({ post, finish }) => {
        await expect(post({}, {}, '/responses', leave.signal)).rejects.toThrow('aborted')
        const { names, refused } = await finish()
        expect(names).toEqual([])
        expect(refused).toEqual([expect.stringContaining('POST /responses: found no answer')])
      },
    )
  })

  test('a request that is no JSON is forwarded and told, not kept', async () => {
    await withRecorder(answerJson({ ok: true }), async ({ recorder, finish, requests }) => {
      const body = new FormData()
      body.set('purpose', 'no json')
      const response = await fetch(`${recorder.baseURL}/files`, { method: 'POST', body })
      expect(await response.json()).toEqual({ ok: true })
      expect(requests[0]?.text).toContain('no json')
      expect((await finish()).refused).toEqual([
        expect.stringContaining('POST /files: request: found a body that is no JSON'),
      ])
    })
  })

  test('killed in the middle of a stream, it leaves whole files and nothing that looks like one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'killed-'))
    const upstream = await openUpstream((request, response) =>
      request.text.includes('hang')
        ? response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
        : answerJson({ id: 'resp_done00' })(request, response),
    )
    const module = JSON.stringify(new URL('./recorder.ts', import.meta.url).href)
    const script = `const { startRecorder } = await import(${module})
      const { baseURL } = await startRecorder({
        upstream: '${upstream.url}/v1',
        out: ${JSON.stringify(folder)},
        onExchange: () => console.log('kept'),
      })
      console.log(baseURL)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
      const base = (await lines.next()).value
      const post = (body: object) =>
        fetch(`${base}/responses`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
      const hanging = await post({ input: 'hang' })
      await hanging.body?.getReader().read()
      await (await post({ input: 'done' })).text()
      expect((await lines.next()).value).toBe('kept')
      child.kill('SIGKILL')
      await once(child, 'exit')
      const { recordings, errors } = await readRecordings(folder)
      expect(errors).toEqual([])
      expect(recordings.map(({ file }) => file.recordings.map(({ request }) => request.body))).toEqual([
        [{ input: 'done' }],
      ])
      expect(await readdir(folder)).toEqual(['recording-0002.json'])
    } finally {
      child.kill('SIGKILL')
      await upstream.close()
      await rm(folder, { recursive: true })
    }
  })
})
