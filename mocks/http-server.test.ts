import { type IncomingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createServedService, type ServedService } from './service/served.ts'
import { openTransport, type Transport } from './transports.ts'

let service: ServedService
let transport: Transport
let origin = ''
let stray: string[] = []

beforeAll(async () => {
  service = createServedService({ seed: 'hostile' })
  transport = await openTransport('http', service.handlers, { onUnknown: ({ url }) => stray.push(url) })
  origin = new URL(transport.baseURL).origin
})
beforeEach(async () => {
  await ask({ method: 'DELETE', path: '/_conformance' })
  stray = []
})
afterAll(() => transport.close())

interface Asking {
  method?: string
  path?: string
  headers?: Record<string, string | string[]>
  body?: string
}

interface Answered {
  status: number
  code: string
  headers: IncomingHttpHeaders
  json: { error?: { code?: string } | null; answers?: number }
}

/** Sends a request exactly as given. Unlike `fetch`, `node:http` adds only Host and the length of the body. */
function ask({ method = 'POST', path = '/v1/responses', headers = {}, body }: Asking): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const outgoing = request(origin + path, { method, headers }, (incoming) => {
      let text = ''
      incoming.on('data', (chunk) => {
        text += chunk
      })
      incoming.on('end', () => {
        const json = text.startsWith('{') ? (JSON.parse(text) as Answered['json']) : {}
        resolve({
          json,
          status: incoming.statusCode ?? 0,
          code: json.error?.code ?? '',
          headers: incoming.headers,
        })
      })
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

const typed = (type: string) => ({ 'content-type': type })
const JSON_TYPE = typed('application/json')
const SCRIPT = '[{"items":[{"type":"text","text":"from the page"}]}]'
const ASKED = '{"model":"gpt-5.1","input":"hi"}'
const admin = { path: '/_conformance/script', body: SCRIPT }
const api = { body: ASKED }

/** Returns whether no scripted answer and no request seen by the service has changed. */
async function isUntouched(): Promise<boolean> {
  const { json } = await ask({ ...admin, headers: JSON_TYPE, body: '[]' })
  return json.answers === 0 && service.events().length === 0
}

const page = (headers: Record<string, string | string[]>) => ({ ...JSON_TYPE, ...headers })

/** Sends the request of a web page. Expects a refusal without permission to read, and no change. */
async function expectRefused(asking: Asking, status: number, code: string): Promise<void> {
  const answered = await ask(asking)
  expect(answered).toMatchObject({ status, code })
  expect(Object.keys(answered.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  expect(await isUntouched()).toBe(true)
}

const EVIL = 'https://evil.example'
const events = { method: 'GET', path: '/_conformance/events' }

describe("a web page's request", () => {
  it.each<[string, Asking]>([
    ['another site', { ...admin, headers: page({ origin: EVIL }) }],
    ['another site, to the API', { ...api, headers: page({ origin: EVIL }) }],
    ['a sandboxed frame or a file', { ...admin, headers: page({ origin: 'null' }) }],
    ['an empty origin', { ...admin, headers: page({ origin: '' }) }],
    ['another port of localhost', { ...admin, headers: page({ origin: 'http://localhost:3000' }) }],
    ['the same host over https', { ...admin, headers: page({ origin: 'https://127.0.0.1' }) }],
    ['a name like localhost', { ...admin, headers: page({ origin: 'http://localhost.evil.example' }) }],
    ['two origins', { ...admin, headers: page({ origin: ['http://127.0.0.1', EVIL] }) }],
    ['an extension', { ...admin, headers: page({ origin: 'chrome-extension://abcdef' }) }],
    ['cross-site without an origin', { ...events, headers: { 'sec-fetch-site': 'cross-site' } }],
    ['same-site, another port', { ...admin, headers: page({ 'sec-fetch-site': 'same-site' }) }],
    ['an unknown Sec-Fetch-Site', { ...admin, headers: page({ 'sec-fetch-site': 'new-word' }) }],
    ['two of Sec-Fetch-Site', { ...admin, headers: page({ 'sec-fetch-site': ['none', 'cross-site'] }) }],
    ['a reset', { method: 'DELETE', path: '/_conformance', headers: { origin: EVIL } }],
    [
      'a preflight',
      {
        path: admin.path,
        method: 'OPTIONS',
        headers: { origin: EVIL, 'access-control-request-method': 'POST' },
      },
    ],
  ])('is refused for its origin and changes nothing: %s', (_, asking) =>
    expectRefused(asking, 403, 'forbidden_origin'),
  )

  it.each<[string, Asking]>([
    ['another host', { ...admin, headers: page({ host: 'evil.example' }) }],
    ['its own origin', { ...admin, headers: page({ host: 'evil.example', origin: 'http://evil.example' }) }],
  ])('is refused under another name (DNS rebinding): %s', (_, asking) =>
    expectRefused(asking, 403, 'forbidden_host'),
  )

  it.each<[string, Asking]>([
    ['a form', { ...admin, headers: typed('application/x-www-form-urlencoded') }],
    ['plain text', { ...admin, headers: typed('text/plain') }],
    ['plain text, to the API', { ...api, headers: typed('text/plain;charset=UTF-8') }],
    ['an upload', { ...api, headers: typed('multipart/form-data; boundary=x') }],
    ['a body without a type', { ...admin, headers: {} }],
    ['an empty type', { ...admin, headers: typed('') }],
    ['JSON as a parameter', { ...admin, headers: typed('text/plain; application/json') }],
    ['a type that begins like JSON', { ...admin, headers: typed('application/jsonp') }],
    ['a +json type', { ...admin, headers: typed('application/problem+json') }],
    ['a replaced script', { method: 'PUT', ...admin, headers: typed('text/plain') }],
  ])('is refused for its content type and changes nothing: %s', (_, asking) =>
    expectRefused(asking, 415, 'unsupported_content_type'),
  )
})

describe("a client's request", () => {
  it.each<[string, Asking, number]>([
    [
      'the openai SDK for Node',
      { ...api, headers: { ...JSON_TYPE, 'sec-fetch-mode': 'cors', 'user-agent': 'OpenAI/JS' } },
      200,
    ],
    [
      'the openai SDK for Python, httpx',
      { ...api, headers: { ...JSON_TYPE, 'user-agent': 'OpenAI/Python' } },
      200,
    ],
    ['curl with the documented header', { ...api, headers: { ...JSON_TYPE, accept: '*/*' } }, 200],
    ['a charset', { ...api, headers: { 'content-type': 'application/json; charset=utf-8' } }, 200],
    ['a type in capitals', { ...api, headers: { 'content-type': 'Application/JSON ;charset=UTF-8' } }, 200],
    ['localhost by name', { ...api, headers: { ...JSON_TYPE, host: 'localhost:8080' } }, 200],
    [
      "this server's own origin",
      {
        ...api,
        headers: {
          ...JSON_TYPE,
          host: 'localhost:8080',
          origin: 'http://LOCALHOST:8080',
          'sec-fetch-site': 'same-origin',
        },
      },
      200,
    ],
    [
      'a URL typed into a browser',
      { method: 'GET', path: '/_conformance/events', headers: { 'sec-fetch-site': 'none' } },
      200,
    ],
    ['the admin interface', { ...admin, headers: JSON_TYPE }, 200],
    ['a reset without a body', { method: 'DELETE', path: '/_conformance' }, 204],
    ['a cancellation without a body', { path: '/v1/responses/resp_1/cancel' }, 404],
    [
      'a GET that names a type',
      { method: 'GET', path: '/v1/responses/resp_1', headers: { 'content-type': 'text/plain' } },
      404,
    ],
    [
      'HTTP/2 offered by Java',
      {
        ...api,
        headers: {
          ...JSON_TYPE,
          connection: 'Upgrade, HTTP2-Settings',
          upgrade: 'h2c',
          'http2-settings': 'AAMAAABk',
        },
      },
      200,
    ],
  ])('is answered: %s', async (_, asking, status) => {
    expect(await ask(asking)).toMatchObject({ status })
  })

  it('of another content type is told as one that nobody answered', async () => {
    await ask({ path: '/v1/traces', headers: { 'content-type': 'application/x-protobuf' }, body: 'x' })
    expect(stray).toEqual([`http://127.0.0.1/v1/traces`])
  })

  it('without a client behind it gets no permission from a preflight', async () => {
    const { status, headers } = await ask({ method: 'OPTIONS' })
    expect(status).toBeGreaterThanOrEqual(400)
    expect(Object.keys(headers).join()).not.toContain('access-control')
  })
})

/** Sends text on a socket and returns the answer until the server closes the socket. */
function exchangeRaw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(Number(new URL(origin).port), '127.0.0.1', () => socket.write(text))
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(answer))
  })
}

describe('what is no request of the API', () => {
  const websocket =
    'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n'
  it.each([
    [
      'a web socket',
      `GET /v1/responses HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade, close\r\n${websocket}\r\n`,
      /^HTTP\/1\.1 4\d\d /,
    ],
    [
      'a web socket of a page',
      `GET /v1/responses HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: https://evil.example\r\nConnection: Upgrade, close\r\n${websocket}\r\n`,
      /^HTTP\/1\.1 403 /,
    ],
    [
      'a header flood',
      `GET /v1/responses HTTP/1.1\r\nHost: 127.0.0.1\r\nx: ${'y'.repeat(17_000)}\r\n\r\n`,
      /^HTTP\/1\.1 431 /,
    ],
    [
      'two lengths',
      'POST /v1/responses HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      /^HTTP\/1\.1 400 /,
    ],
    [
      'OPTIONS *',
      'OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n',
      /^HTTP\/1\.1 400 [\s\S]*invalid_target/,
    ],
    [
      'an absolute URL',
      'GET http://evil.example/v1/responses HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n',
      /^HTTP\/1\.1 400 [\s\S]*invalid_target/,
    ],
    [
      'TRACE',
      'TRACE /v1/responses HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n',
      /^HTTP\/1\.1 400 [\s\S]*invalid_target/,
    ],
    ['no host', 'GET /v1/responses HTTP/1.1\r\nConnection: close\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['no HTTP', '\x16\x03\x01\x02\x00\x01\x00', /^HTTP\/1\.1 400 /],
  ])('is refused and the connection closed: %s', async (_, text, expected) => {
    expect(await exchangeRaw(text)).toMatch(expected)
  })
})
