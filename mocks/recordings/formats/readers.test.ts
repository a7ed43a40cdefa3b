import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseSse } from '../../sse.ts'
import { NoTrafficError } from '../problem.ts'
import type { RecordingFile } from '../types.ts'
import { readTestProxy } from './azure.ts'
import { detectFormat } from './detect.ts'
import { readEventLines } from './event-lines.ts'
import { readHar } from './har.ts'
import { readHttpmock } from './httpmock.ts'
import { readNock } from './nock.ts'
import { readVcr } from './vcr.ts'

const text = (name: string) => readFile(join(import.meta.dirname, 'fixtures', name), 'utf8')
const read = (held: string, file: string) => {
  const found = detectFormat(held, file).read(held, file)
  return 'recordings' in found ? found.recordings : []
}
const bodiesOf = (file: RecordingFile | undefined) =>
  file?.recordings.map(({ response: { body } }) => ('json' in body ? body.json : body))

describe('several documents in one file', () => {
  test('each cassette is a recording of its own, and its id has a number', async () => {
    const files = read(await text('vcrpy-documents.yaml'), 'two.yaml')
    const [first, second] = await text('vcrpy.yaml').then(
      (held) => readVcr(held, 'all.yaml')[0]?.recordings ?? [],
    )
    expect(files.map(({ id }) => id)).toEqual(['two', 'two-2'])
    expect(files.map(({ recordings }) => recordings.length)).toEqual([1, 1])
    expect(files.map(({ recordings }) => recordings[0]?.request.body)).toEqual([
      first?.request.body,
      second?.request.body,
    ])
    expect(files.map(({ recordings }) => recordings[0]?.response.body)).toEqual([
      first?.response.body,
      second?.response.body,
    ])
  })

  test('a document without traffic of the API is left out, and so is a file of such documents', () => {
    const other =
      'interactions:\n- request: {method: GET, uri: "http://x/cat.png"}\n  response: {status: 200, body: x}\n'
    const ours = other.replace('cat.png', 'responses/resp_1')
    expect(readVcr(`${other}---\n${ours}`, 'a.yaml').map(({ id }) => id)).toEqual(['a-2'])
    expect(() => readVcr(`${other}---\n${other}`, 'a.yaml')).toThrow(NoTrafficError)
  })

  test('documents of two formats, and several documents where one is expected, are refused', async () => {
    const cassette = await text('vcrpy-documents.yaml')
    expect(() => detectFormat(`${cassette}---\nwhen: {}\nthen: {}\n`, 'mixed.yaml')).toThrow(
      'mixed.yaml: document 3: found another format than in the first document, expected the format vcr in all documents',
    )
    expect(() => detectFormat('log: {entries: []}\n---\nlog: {entries: []}\n', 'h.yaml')).toThrow(
      'h.yaml: document 2: found 2 documents, expected one document',
    )
  })

  test('a fault in a later document is told with its number', async () => {
    const cassette = await text('vcrpy-documents.yaml')
    const at = cassette.lastIndexOf('string:')
    const broken = `${cassette.slice(0, at)}strong:${cassette.slice(at + 7)}`
    expect(() => readVcr(broken, 'two.yaml')).toThrow(
      'two.yaml: document 2: $.interactions[0].response: found no body, expected the body of a response with status 200',
    )
  })
})

describe('stream events, one per line', () => {
  test('become streams: each response.created begins one, and the wire text is rebuilt', async () => {
    const [file] = read(await text('event-lines.jsonl'), 'event-lines.jsonl')
    const [ours] = read(await text('ours.json'), 'ours.json')
    const wanted = ours?.recordings.flatMap(({ response: { body } }) => ('sse' in body ? [body.sse] : []))
    const made = file?.recordings.map(({ response: { body } }) => ('sse' in body ? body : undefined))
    expect(made?.map((body) => parseSse(body?.sse ?? ''))).toEqual(wanted?.map((sse) => parseSse(sse)))
    expect(made?.map((body) => body?.exact)).toEqual([false, false])
    expect(file?.recordings.map(({ request }) => request.recorded)).toEqual([false, false])
  })

  test('names beside the events, blank lines and the end mark are understood', () => {
    const held =
      '{"event":"response.created","data":{"type":"response.created"}}\r\n\r\n{"event":"error","data":{"type":"error"}}\n[DONE]\n'
    const [file] = readEventLines(held, 'e.jsonl')
    expect(file?.recordings.map(({ response }) => response.body)).toEqual([
      {
        sse: 'event: response.created\ndata: {"type":"response.created"}\n\nevent: error\ndata: {"type":"error"}\n\n',
        exact: false,
      },
    ])
  })

  test.each([
    ['{"type":"response.created"}\n{"type":"resp', 'e.jsonl: line 2: found Unterminated string'],
    ['{"type":"response.created"}\n\n[1]\n', 'e.jsonl: line 3: found a line that is no JSON object'],
    ['{"type":"response.created"}\n{"kind":"x"}\n', 'e.jsonl: document 2: found another format'],
    [
      '{"type":"log"}\n{"type":"log"}\n',
      'e.jsonl: $: found an object with keys type, expected one of the formats',
    ],
  ])('%j is refused', (held, message) => {
    expect(() => read(held, 'e.jsonl')).toThrow(message)
  })
})

describe('a body that is missing is an error, never an empty conversation', () => {
  const cassette = (request: object, response: object) =>
    JSON.stringify({
      interactions: [
        {
          request: { method: 'POST', uri: 'http://x/v1/responses', ...request },
          response: { status: 200, ...response },
        },
      ],
    })
  const proxy = (more: object) =>
    JSON.stringify({
      Entries: [
        {
          RequestUri: 'http://x/v1/responses',
          RequestMethod: 'POST',
          RequestBody: {},
          StatusCode: 200,
          ResponseBody: {},
          ...more,
        },
      ],
    })
  const har = (more: object) =>
    JSON.stringify({
      log: {
        entries: [
          {
            request: { method: 'POST', url: 'http://x/v1/responses', postData: { text: '{}' } },
            response: { status: 200, ...more },
          },
        ],
      },
    })
  const noRequest = 'found no body, expected the JSON body of a request that creates a response'
  const noResponse = 'found no body, expected the body of a response with status 200'

  test.each<[string, () => unknown, string]>([
    [
      'a cassette whose serializer has a key of its own',
      () => readVcr(cassette({ json_body: {} }, { json_body: {} }), 'v.json'),
      `v.json: $.interactions[0].request: ${noRequest}`,
    ],
    [
      'a response under such a key',
      () => readVcr(cassette({ body: '{}' }, { payload: '{}' }), 'v.json'),
      `v.json: $.interactions[0].response: ${noResponse}`,
    ],
    [
      'an empty response',
      () => readVcr(cassette({ body: '{}' }, { body: { string: '' } }), 'v.json'),
      `v.json: $.interactions[0].response: ${noResponse}`,
    ],
    [
      'a body that is null',
      () => readVcr(cassette({ body: '{}' }, { body: null }), 'v.json'),
      `v.json: $.interactions[0].response: ${noResponse}`,
    ],
    [
      'a session record without a request body',
      () => readTestProxy(proxy({ RequestBody: null }), 'p.json'),
      `p.json: $.Entries[0].request: ${noRequest}`,
    ],
    [
      'a session record without a response body',
      () => readTestProxy(proxy({ ResponseBody: undefined }), 'p.json'),
      `p.json: $.Entries[0].response: ${noResponse}`,
    ],
    [
      'a HAR without content',
      () => readHar(har({}), 'h.har'),
      `h.har: $.log.entries[0].response: ${noResponse}`,
    ],
    [
      'an empty answer of nock',
      () =>
        readNock(
          '[{"scope":"http://x","method":"POST","path":"/responses","body":{"a":1},"response":""}]',
          'n.json',
        ),
      `n.json: $[0].response: ${noResponse}`,
    ],
    [
      'httpmock without a body',
      () =>
        readHttpmock(
          'when: {path: /v1/responses, method: POST, body: "{}"}\nthen: {status: 200}\n',
          'h.yaml',
        ),
      `h.yaml: $.response: ${noResponse}`,
    ],
  ])('%s', (_, work, message) => {
    expect(work).toThrow(message)
  })

  test('a response without a body is legal where HTTP says so, and an error may be empty', () => {
    const [file] = readVcr(
      cassette({ method: 'DELETE', uri: 'http://x/responses/resp_1' }, { status: 204 }),
      'v.json',
    )
    expect(bodiesOf(file)).toEqual([{ text: '' }])
    expect(bodiesOf(readVcr(cassette({ body: '{}' }, { status: 502, body: '' }), 'v.json')[0])).toEqual([
      { text: '' },
    ])
    const cancel = { uri: 'http://x/responses/resp_1/cancel' }
    expect(bodiesOf(readVcr(cassette(cancel, { body: '{"id":"resp_1"}' }), 'v.json')[0])).toEqual([
      { id: 'resp_1' },
    ])
  })
})

describe('what cannot be read names file, place, found and expected', () => {
  test.each<[string, () => unknown, string]>([
    [
      'a cassette without a URL',
      () => readVcr('interactions: [{request: {body: x}, response: {status: 200, body: x}}]', 'v.yaml'),
      'v.yaml: $.interactions[0].request.uri: found nothing, expected a URL',
    ],
    [
      'a cassette of go-vcr without a code',
      () =>
        readVcr(
          'interactions: [{request: {url: "http://x/responses", body: x}, response: {status: 200 OK, body: x}}]',
          'g.yaml',
        ),
      'g.yaml: $.interactions[0].response.status: found "200 OK", expected a status code',
    ],
    [
      'binary of Ruby that is no base64',
      () =>
        readVcr(
          'http_interactions: [{request: {uri: "http://x/responses", body: x}, response: {status: {code: 200}, body: {string: !binary "***"}}}]',
          'r.yml',
        ),
      'r.yml: line 1: found binary text that is not base64, expected YAML',
    ],
    [
      'a session record with a status that is text',
      () =>
        readTestProxy('{"Entries":[{"RequestUri":"x","RequestMethod":"GET","StatusCode":"200"}]}', 'p.json'),
      'p.json: $.Entries[0].StatusCode: found "200", expected number',
    ],
    [
      'httpmock without a status',
      () => readHttpmock('when: {path: /responses}\nthen: {body: x}\n', 'm.yaml'),
      'm.yaml: $.then.status: found nothing',
    ],
    [
      'httpmock with base64 that is none',
      () => readHttpmock('when: {path: /responses/a}\nthen: {status: 200, body_base64: "***"}\n', 'm.yaml'),
      'm.yaml: $.then.body_base64: found text that is not base64, expected base64',
    ],
  ])('%s', (_, work, message) => {
    expect(work).toThrow(message)
  })
})
