import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { checkStream } from '../../grammar/stream.ts'
import { parseSseEvents } from '../../grammar/wire.ts'
import { replay, replayFile } from '../testing/replay.ts'
import type { Recording, RecordingFile } from '../types.ts'
import { readAimockAnswers } from './aimock.ts'
import { detectFormat } from './detect.ts'
import { readHar } from './har.ts'
import { readNock } from './nock.ts'
import { recordingSchema, writeRecordingText } from './ours.ts'
import { readRecordingFile, readRecordings } from './read.ts'
import { readVcr } from './vcr.ts'

const folder = join(import.meta.dirname, 'fixtures')
const text = (name: string) => readFile(join(folder, name), 'utf8')

async function fileOf(name: string): Promise<RecordingFile> {
  const { held } = await readRecordingFile(join(folder, name))
  return ('recordings' in held ? held.recordings[0] : undefined) as RecordingFile
}

/** The parts of an exchange that every tool keeps. */
const essence = ({ recordings }: RecordingFile) =>
  recordings.map(({ request, response }: Recording) => [
    request.method,
    new URL(request.url, 'http://localhost').pathname,
    request.body,
    response.status,
    response.headers['x-request-id'] !== undefined,
    response.body,
  ])

const made: [name: string, format: string, id: string, headers: boolean][] = [
  ['vcrpy.yaml', 'vcr', 'vcrpy', true],
  ['vcrpy.json', 'vcr', 'vcrpy', true],
  ['vcrpy-gzip.yaml', 'vcr', 'vcrpy-gzip', false],
  ['ruby-vcr.yml', 'vcr', 'ruby-vcr', true],
  ['ruby-vcr-binary.yml', 'vcr', 'ruby-vcr-binary', true],
  ['vcrpy-httpx.yaml', 'vcr', 'vcrpy-httpx', true],
  ['vcrpy-parsed-body.yaml', 'vcr', 'vcrpy-parsed-body', true],
  ['go-vcr.yaml', 'vcr', 'go-vcr', true],
  ['test-proxy.json', 'test-proxy', 'test-proxy', true],
  ['httpmock.yaml', 'httpmock', 'httpmock', true],
  ['nock.json', 'nock', 'nock', true],
  ['nock-gzip.json', 'nock', 'nock-gzip', false],
  ['polly.har', 'polly', 'capital-and-weather', true],
  ['mitmproxy.har', 'har', 'mitmproxy', true],
]

describe('formats', () => {
  test.each(made)(
    '%s is read as the same exchanges as our own recording',
    async (name, format, id, headers) => {
      const file = join(folder, name)
      expect(detectFormat(await text(name), file).name).toBe(format)
      const read = await fileOf(name)
      expect(read.id).toBe(id)
      const ours = essence(await fileOf('ours.json')).map((one) =>
        one.map((held, at) => (at === 4 ? headers : held)),
      )
      expect(essence(read)).toEqual(ours)
      expect(JSON.stringify(read)).not.toContain('sk-none')
    },
  )

  test.each(made)('%s plays back through the SDK', async (name) => {
    const counts = { create: 0, helper: 0, error: 0, json: 0 }
    const file = await fileOf(name)
    await replayFile('fetch', file, (client) => replay(client, file, counts))
    expect(counts).toEqual({ create: 2, helper: 0, error: 0, json: 2 })
  })

  test('the whole folder is read at once', async () => {
    const { recordings, scripts, errors } = await readRecordings(folder)
    expect([recordings.length, scripts.length, errors]).toEqual([18, 1, []])
    for (const { file } of recordings)
      for (const { response } of file.recordings)
        if ('sse' in response.body)
          expect(checkStream(parseSseEvents(response.body.sse)).breaches).toEqual([])
  })

  test('our own format is written as it is read, and its JSON Schema names its parts', async () => {
    const file = await fileOf('ours.json')
    expect(JSON.parse(writeRecordingText(file))).toEqual(file)
    expect(recordingSchema()).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      required: ['schema', 'id', 'recordings'],
      properties: { recordings: { items: { required: ['request', 'response'] } } },
    })
  })
})

describe('aimock', () => {
  test('what it recorded becomes answers', async () => {
    const { held } = await readRecordingFile(join(folder, 'aimock.json'))
    expect(held).toEqual({
      answers: [
        { items: [{ type: 'call', tool: 'get_weather', args: { city: 'Reykjavík' } }] },
        { items: [{ type: 'text', text: 'It is 4 °C in Reykjavík.' }] },
        { items: [], faults: [{ kind: 'http', status: 400 }] },
      ],
    })
  })

  const read = (response: object, more: object = {}) =>
    readAimockAnswers(JSON.stringify({ fixtures: [{ match: {}, response, ...more }] }), 'a.json')

  test.each<[object, object, unknown]>([
    [{ content: { a: 1 } }, {}, [{ items: [{ type: 'text', text: '{"a":1}' }] }]],
    [
      { content: 'x', toolCalls: [{ name: 't', arguments: '{"a":1}' }], reasoning: 'hm' },
      {},
      [
        {
          items: [
            { type: 'reasoning', summary: ['hm'], encrypted: false },
            { type: 'text', text: 'x' },
            { type: 'call', tool: 't', args: { a: 1 } },
          ],
        },
      ],
    ],
    [
      {
        blocks: [
          { type: 'toolCall', name: 't', arguments: 'no json' },
          { type: 'text', text: 'x' },
        ],
      },
      {},
      [
        {
          items: [
            { type: 'call', tool: 't', args: 'no json' },
            { type: 'text', text: 'x' },
          ],
        },
      ],
    ],
    [
      { error: { message: 'm', code: 'c' }, status: 429, retryAfter: 2 },
      {},
      [{ items: [], faults: [{ kind: 'http', status: 429, code: 'c', headers: { 'retry-after': '2' } }] }],
    ],
    [
      { content: 'x' },
      { truncateAfterChunks: 1 },
      [{ items: [{ type: 'text', text: 'x' }], faults: [{ kind: 'reset', at: 5 }] }],
    ],
    [{ embedding: [1] }, { match: { endpoint: 'embedding' } }, []],
  ])('%j %j', (response, more, answers) => {
    expect(read(response, more)).toEqual(answers)
  })

  test('an entry that makes no answer is an error that names it', () => {
    expect(() => read({ embedding: [1] })).toThrow(
      'a.json: $.fixtures[0].response: found no key that makes an answer',
    )
  })
})

describe('hostile files of other tools', () => {
  const cassette = (request: object, response: object) =>
    JSON.stringify({
      version: 1,
      interactions: [
        {
          request: { method: 'POST', uri: 'http://x/v1/responses', headers: {}, body: '{}', ...request },
          response: { status: { code: 200 }, headers: {}, body: { string: '{}' }, ...response },
        },
      ],
    })

  test('a compressed bomb is refused at the limit', () => {
    const bomb = gzipSync(Buffer.alloc(65 * 1024 * 1024)).toString('base64')
    const headers = { 'content-encoding': ['gzip'] }
    expect(() => readVcr(cassette({}, { headers, body: { base64_string: bomb } }), 'b.json')).toThrow(
      'b.json: $.interactions[0].response: found a gzip body of more than 67108864 bytes',
    )
  })

  test('YAML aliases are limited, tags are not executed, depth is bounded', () => {
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x]',
      ...'bcdefghi'
        .split('')
        .map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[at]}`).join(', ')}]`),
    ].join('\n')
    expect(() => readVcr(bomb, 'bomb.yaml')).toThrow('expected YAML with at most 100 aliases')
    const tagged = 'interactions: !!python/object/apply:os.system ["touch never"]\n'
    expect(() => readVcr(tagged, 'tag.yaml')).toThrow('$.interactions[0]: found "touch never"')
    expect(() => readVcr(`interactions: ${'['.repeat(100)}${']'.repeat(100)}`, 'deep.yaml')).toThrow(
      'more than 64 levels',
    )
    expect(() => readVcr(`interactions: ${'['.repeat(100_000)}`, 'deeper.yaml')).toThrow(
      'more than 64 levels',
    )
    expect(() => readVcr('interactions: [\n\u001b[2J', 'broken.yaml')).toThrow(
      /broken\.yaml: line \d+: found/,
    )
  })

  test('very many keys, and very many errors, are read in linear time: quadratic, this would outlast any limit', () => {
    const keys = Array.from({ length: 150_000 }, (_, at) => `k${at}: 1`).join('\n')
    expect(readVcr(`${keys}\n${cassetteYaml}`, 'keys.yaml')).toHaveLength(1)
    expect(() => readVcr(`a: ${'"'.repeat(500_000)}`, 'quotes.yaml')).toThrow('quotes.yaml: line 1')
  })

  test('keys named __proto__ pollute nothing', () => {
    readVcr(`__proto__: {polluted: 1}\n${cassetteYaml}`, 'p.yaml')
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  test('credentials that other tools kept are not taken over', () => {
    const [file] = readVcr(
      cassette(
        {
          uri: 'http://user:pass@x/v1/responses',
          headers: { authorization: ['Bearer abc'], cookie: ['a=b'] },
        },
        { headers: { 'set-cookie': ['c=d'] } },
      ),
      'c.json',
    )
    expect(JSON.stringify(file)).not.toMatch(/Bearer|a=b|c=d|user:pass/)
  })

  test.each<[string, () => unknown, string]>([
    [
      'a nock body that is no hex',
      () =>
        readNock(
          '[{"scope":"http://x","path":"/responses/resp_1","response":["zz"],"rawHeaders":["Content-Encoding","gzip"]}]',
          'n.json',
        ),
      '$[0].response: found text that is not hexadecimal',
    ],
    [
      'base64 that is none',
      () => readVcr(cassette({}, { body: { base64_string: '***' } }), 'v.json'),
      '$.interactions[0].response.body: found text that is not base64',
    ],
    [
      'a status that is none',
      () => readVcr(cassette({}, { status: { code: 99 } }), 'v.json'),
      '$.interactions[0]: found status 99',
    ],
    [
      'bytes that are no UTF-8',
      () => readVcr(cassette({}, { body: { base64_string: '//4=' } }), 'v.json'),
      'found bytes that are not valid UTF-8',
    ],
    [
      'traffic with something else',
      () =>
        readHar(
          '{"log":{"entries":[{"request":{"method":"GET","url":"http://x/cat.png"},"response":{"status":200}}]}}',
          'h.har',
        ),
      'found 1 exchanges, none with the Responses API',
    ],
  ])('%s is an error that names the place', (_, read, message) => {
    expect(read).toThrow(message)
  })

  test('what was aborted before an answer is left out of a HAR; base64 is decoded; entries stand in order of time', () => {
    const entry = (status: number, startedDateTime: string, content: object) => ({
      startedDateTime,
      request: { method: 'POST', url: 'https://x/v1/responses', postData: { text: '{}' } },
      response: { status, headers: [{ name: ':status', value: '200' }], content },
    })
    const log = {
      entries: [
        entry(200, '2026-01-01T00:00:02Z', { text: 'c2Vjb25k', encoding: 'base64' }),
        entry(0, '2026-01-01T00:00:00Z', {}),
        entry(200, '2026-01-01T00:00:01Z', { text: 'first' }),
      ],
    }
    expect(
      readHar(JSON.stringify({ log }), 'h.har')[0]?.recordings.map(({ response }) => response.body),
    ).toEqual([{ text: 'first' }, { text: 'second' }])
  })
})

const cassetteYaml = `
interactions:
- request: {method: POST, uri: 'http://x/responses', headers: {}, body: '{}'}
  response: {status: {code: 200}, headers: {}, body: {string: ok}}
`
