import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkPaths } from './check.ts'
import { readRecordings } from './formats/read.ts'
import { createPlayback } from './playback.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hostile-'))
})
afterEach(() => rm(folder, { recursive: true }))

const API = 'https://api.openai.com/v1/responses'
const body = { json: { id: 'resp_1', object: 'response', status: 'completed', output: [] } }
type Fields = Record<string, unknown>

/** Returns a file of our format with other fields in its request, its response or at its top. */
function ours(request: Fields = {}, response: Fields = {}, top: Fields = {}): string {
  const recording = {
    request: { method: 'POST', url: API, body: { model: 'm', input: 'hi' }, ...request },
    response: { status: 200, headers: {}, body, ...response },
  }
  return JSON.stringify({ schema: 1, id: 'x', recordings: [recording], ...top })
}

function har(request: Fields = {}, response: Fields = {}, content: unknown = { text: '{}' }): string {
  const entry = {
    request: { method: 'POST', url: API, headers: [], postData: { text: '{}' }, ...request },
    response: { status: 200, headers: [], content, ...response },
  }
  return JSON.stringify({ log: { entries: [entry] } })
}

function vcr(more: { status?: string; headers?: string; string?: string } = {}): string {
  const { status = '200', headers = '{}', string = '"{}"' } = more
  return `interactions:
- request: {method: POST, uri: '${API}', body: '{}'}
  response: {status: {code: ${status}}, headers: ${headers}, body: {string: ${string}}}
`
}

const nock = (more: Fields) =>
  JSON.stringify([
    { scope: 'https://api.openai.com:443', method: 'POST', path: '/v1/responses', body: {}, ...more },
  ])
const conversation = (request: Fields, response: Fields = {}, id = 'x') =>
  JSON.stringify({
    id,
    interactions: [
      { request: { method: 'POST', url: API, ...request }, response: { status: 200, body: 1, ...response } },
    ],
  })
const sse = (data: string) => ours({}, { body: { sse: `data: ${data}\n\n` } })
const aimock = (fixture: unknown) => JSON.stringify({ fixtures: [fixture] })
const gzip = [{ name: 'content-encoding', value: 'gzip' }]
const base64 = (bytes: Buffer) => ({ text: bytes.toString('base64'), encoding: 'base64' })
const nested = (depth: number) => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown
const bomb = `a: &a [x,x,x,x,x,x,x,x,x]
${'bcdefghi'.replaceAll(/./g, (name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[at]}`)}]\n`)}`

const FORMATS = /expected one of the formats/
const [JSON_ONLY, UTF8, DEPTH] = [
  /expected JSON$/,
  /not valid UTF-8/,
  /levels of nesting, expected at most 64/,
]

describe('a hostile file is refused with the place', () => {
  test.each<[string, string, string | Uint8Array, RegExp]>([
    ['nothing', 'a.json', '', FORMATS],
    ['a number beyond all', 'a.json', '1e999', FORMATS],
    ['an empty list', 'a.json', '[]', FORMATS],
    ['text behind the JSON', 'a.json', `${ours()} x`, JSON_ONLY],
    ['a NUL in the JSON', 'a.json', '{"schema":1,\0}', JSON_ONLY],
    ['NaN as a status', 'a.json', ours().replace('"status":200', '"status":NaN'), JSON_ONLY],
    ['a million levels, never closed', 'a.json', '{"a":'.repeat(1e6), DEPTH],
    ['UTF-16', 'a.json', Buffer.from(`\ufeff${ours()}`, 'utf16le'), UTF8],
    ['UTF-16 without a mark', 'a.json', Buffer.from(ours(), 'utf16le'), JSON_ONLY],
    ['a compressed file', 'a.json', gzipSync(ours()), UTF8],
    ['a key of a million characters', 'a.json', JSON.stringify({ ['k'.repeat(1e6)]: 1 }), FORMATS],
    ['200,000 keys', 'a.json', `{${Array.from({ length: 2e5 }, (_, at) => `"${at}":1`)}}`, FORMATS],
    ['everything below __proto__', 'a.json', '{"__proto__":{"schema":1,"recordings":[]}}', FORMATS],
    ['a key twice', 'a.json', '{"schema":1,"id":"a","id":"../x","recordings":[]}', /\$\.id: found "\.\.\/x"/],
    ['an id that leaves', 'a.json', ours({}, {}, { id: '../../x' }), /\$\.id: found "\.\.\/\.\.\/x"/],
    ['an id with a NUL', 'a.json', ours({}, {}, { id: 'x\0' }), /\$\.id: found "x\\u0000"/],
    ['an id of 100,000', 'a.json', ours({}, {}, { id: 'a'.repeat(1e5) }), /\$\.id: .*100002 characters/],
    ['half a character as an id', 'a.json', ours({}, {}, { id: '\ud800' }), /\$\.id: found "\\ud800"/],
    ['a number as an id', 'a.json', ours({}, {}, { id: 5 }), /\$\.id: found 5, expected string/],
    ['another schema', 'a.json', ours({}, {}, { schema: 1e308 }), /\$\.schema: found 1e\+308, expected 1/],
    ['a URL that is none', 'a.json', ours({ url: 'http://[' }), /request\.url: .* expected a URL or a path/],
    ['a port that is none', 'a.json', ours({ url: 'http://a:99999/' }), /request\.url: .* expected a URL/],
    ['a number as a URL', 'a.json', ours({ url: 5 }), /request\.url: found 5, expected string/],
    ['a negative status', 'a.json', ours({}, { status: -1 }), /status: found -1, expected a final status/],
    [
      'a status of 600',
      'a.json',
      ours({}, { status: 600 }),
      /status: found 600, expected number to be <=599/,
    ],
    ['a status as text', 'a.json', ours({}, { status: '200' }), /status: found "200", expected number/],
    ['a broken status', 'a.json', ours({}, { status: 200.5 }), /status: found 200\.5, expected int/],
    ['headers as numbers', 'a.json', ours({ headers: { a: 1 } }), /headers\.a: found 1, expected string/],
    ['headers as a list', 'a.json', ours({ headers: [] }), /headers: found a list of 0, expected record/],
    ['no body', 'a.json', ours({}, { body: {} }), /response\.body\.json: found nothing/],
    ['two bodies', 'a.json', ours({}, { body: { sse: 'x', json: 1 } }), /response\.body/],
    ['a link to before the first', 'a.json', ours({}, {}, { recordings: [{ links: [{ from: -1 }] }] }), /\$/],
    ['an id that leaves, collected', 'a.json', conversation({}, {}, '../x'), /\$\.id: found "\.\.\/x"/],
    ['a URL that is none, collected', 'a.json', conversation({ url: '//' }), /request\.url: found "\/\/"/],
    [
      'an event name of two lines',
      'a.json',
      conversation({}, { body: { sse: [{ event: 'a\nb' }] } }),
      /one line/,
    ],
    ['no base64', 'a.har', har({}, {}, { text: '!!!', encoding: 'base64' }), /content\.text: .*not base64/],
    ['base64 of garbage', 'a.har', har({}, {}, { text: '////', encoding: 'base64' }), UTF8],
    [
      'half of a gzip body',
      'a.har',
      har({}, { headers: gzip }, base64(gzipSync('{"a":1}').subarray(0, 12))),
      UTF8,
    ],
    [
      'a gzip bomb',
      'a.har',
      har({}, { headers: gzip }, base64(gzipSync(Buffer.alloc(7e7)))),
      /more than 67108864/,
    ],
    ['a HAR status of 1e21', 'a.har', har({}, { status: 1e21 }), /status: found 1e\+21/],
    ['a HAR header as a number', 'a.har', har({ headers: [{ name: 'a', value: 5 }] }), /value: found 5/],
    [
      'HAR headers as an object',
      'a.har',
      har({ headers: { a: 1 } }),
      /headers: found an object, expected array/,
    ],
    ['HAR content of null', 'a.har', har({}, {}, null), /content: found null, expected object/],
    [
      'a HAR URL that is none',
      'a.har',
      har({ url: 'http://[' }),
      /entries\[0\]: found "http:\/\/\[", expected a URL/,
    ],
    ['YAML bytes that are none', 'a.yaml', vcr({ string: '!!binary "%%%"' }), /line 3: .*not base64/],
    ['a YAML alias to nothing', 'a.yaml', 'a: *none', /Unresolved alias/],
    ['a YAML cycle', 'a.yaml', 'interactions: &a\n- *a\n', /more than 64 levels/],
    ['a YAML bomb', 'a.yaml', bomb, /aliases/],
    ['a YAML merge key', 'a.yaml', 'a: &a {interactions: []}\n<<: *a\n', FORMATS],
    ['YAML below __proto__', 'a.yaml', '__proto__: {interactions: []}', FORMATS],
    ['YAML of 100,000 levels', 'a.yaml', '['.repeat(1e5), DEPTH],
    ['YAML of 20,000 nested dashes', 'a.yaml', `${'- '.repeat(2e4)}x`, /more than 64 levels/],
    ['YAML tabs', 'a.yaml', '\ta: b', /line 1: .*Tabs/],
    [
      'a YAML tag that runs code',
      'a.yaml',
      vcr({ string: '!!python/object/apply:os.system ["x"]' }),
      /string/,
    ],
    ['a YAML status of .nan', 'a.yaml', vcr({ status: '.nan' }), /code: found null, expected number/],
    [
      'a YAML header that is an object',
      'a.yaml',
      vcr({ headers: '{a: {b: c}}' }),
      /headers\.a: found an object/,
    ],
    [
      'no hexadecimal',
      'a.json',
      nock({ response: ['zz'], rawHeaders: ['content-encoding', 'gzip'] }),
      /not hexa/,
    ],
    ['a nock path as a number', 'a.json', nock({ path: 5 }), /path: found 5/],
    ['an aimock fixture of a number', 'a.json', aimock(5), /fixtures\[0\]: found 5, expected object/],
  ])('%s', async (_, name, data, expected) => {
    await writeFile(join(folder, name), data)
    const { recordings, scripts, errors } = await readRecordings(folder)
    expect([recordings, scripts]).toEqual([[], []])
    expect(errors.map(({ message }) => message)).toEqual([expect.stringMatching(expected)])
    expect(errors[0]?.message).not.toMatch(/error in the reader|[\p{Cc}\p{Cf}\p{Cs}]/u)
    expect(errors[0]?.message.length).toBeLessThan(1_500)
    const { findings } = await checkPaths([folder])
    expect(findings).toEqual([expect.objectContaining({ rule: 'readable', message: errors[0]?.message })])
    expect(await readdir(folder)).toEqual([name])
  })
})

describe('a hostile file that can be read is data, for check and for playback', () => {
  test.each<[string, string, string | Uint8Array]>([
    ['a byte order mark', 'a.json', `\ufeff${ours()}`],
    ['the name of a device as an id', 'a.json', ours({}, {}, { id: 'con' })],
    ['a method that is none', 'a.json', ours({ method: 'GET\r\nx: y' })],
    ['a path with broken escapes', 'a.json', ours({ url: '/responses/%ff%zz' })],
    ['a script as a URL', 'a.json', ours({ url: 'javascript:alert(1)' })],
    ['a response named __proto__', 'a.json', ours({ url: '/responses/__proto__' })],
    ['starting_after of 1e999', 'a.json', ours({ url: '/responses/r?stream=true&starting_after=1e999' })],
    [
      'headers that no response may have',
      'a.json',
      ours({}, { headers: { 'a\r\nb': 'c', d: 'e\r\nset-cookie: f' } }),
    ],
    ['a header named __proto__', 'a.json', ours().replace('"headers":{}', '"headers":{"__proto__":"x"}')],
    ['a body where none may be', 'a.json', ours({}, { status: 204 })],
    ['a request of 60 levels', 'a.json', ours({ body: nested(60) })],
    [
      'a request of wrong types',
      'a.json',
      ours({ body: { model: 5, input: { a: 1 }, conversation: [], tools: 'x' } }),
    ],
    [
      'items of wrong types',
      'a.json',
      ours({
        body: {
          input: [
            ...[
              null,
              1,
              'x',
              [],
              { type: {} },
              { type: 'message', content: 5 },
              { type: 'item_reference', id: {} },
            ],
            ...[
              { type: 'message', role: 5, content: [null] },
              { type: 'function_call', call_id: 5, arguments: 5 },
            ],
          ],
        },
      }),
    ],
    [
      'a response of wrong types',
      'a.json',
      ours({}, { body: { json: { id: 5, output: [null, { type: 5 }], usage: 'x' } } }),
    ],
    [
      'a refusal of wrong types',
      'a.json',
      ours({}, { status: 400, body: { json: { error: { code: {}, param: [] } } } }),
    ],
    [
      'control characters in a stream',
      'a.json',
      ours({}, { body: { sse: '\0\u001b[2J\ud800data: x\r\r\n\n' } }),
    ],
    ['an output of null', 'a.json', sse('{"type":"response.completed","response":{"output":null}}')],
    ['an event of __proto__', 'a.json', sse('{"type":"__proto__"}')],
    ['an index of 1e308', 'a.json', sse('{"type":"response.output_text.delta","output_index":1e308}')],
    ['HTTP/2 headers', 'a.har', har({ headers: [{ name: ':path', value: '/' }] })],
    [
      'a coding named __proto__',
      'a.har',
      har({}, { headers: [{ name: 'content-encoding', value: '__proto__' }] }, base64(Buffer.from('{}'))),
    ],
    ['a date beyond all', 'a.har', har().replace('"request"', '"startedDateTime":"+275760-09-14","request"')],
    ['odd raw headers', 'a.json', nock({ rawHeaders: ['odd'], response: null })],
    ['a host in a path', 'a.json', nock({ path: '@evil.example/responses' })],
    ['a user in a URL', 'a.har', har({ url: 'https://u:p@api.openai.com/v1/responses' })],
  ])('%s', async (_, name, data) => {
    await writeFile(join(folder, name), data)
    const { recordings, errors } = await readRecordings(folder)
    expect(errors).toEqual([])
    const playback = createPlayback(recordings.map(({ file }) => file))
    expect(playback.unused()).toHaveLength(1)
    const { findings, interactions } = await checkPaths([folder])
    expect(interactions).toBe(1)
    expect(findings.filter(({ rule }) => rule === 'readable')).toEqual([])
    expect(JSON.stringify(recordings)).not.toContain('u:p@')
  })

  test.each([
    [
      'items that never end',
      (at: number) =>
        `{"type":"response.output_item.added","output_index":${at},"item":{"type":"message","id":"m${at}"}}`,
    ],
    ['the same beginning', () => '{"type":"response.created","response":{"id":"r","output":[]}}'],
    ['the end, again and again', () => '[DONE]'],
  ])('a stream of 50,000 events: %s', async (_, event) => {
    const events = Array.from({ length: 50_000 }, (_, at) => `data: ${event(at)}\n\n`)
    await writeFile(join(folder, 'a.sse'), events.join(''))
    const { findings, events: count, further } = await checkPaths([folder])
    expect(count).toBe(50_000)
    // The number of breaches grows with the events and not with the pairs of events.
    expect(findings.length + further.breach).toBeLessThan(50_000 * 8)
  })
})
