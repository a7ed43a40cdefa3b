import { describe, expect, test } from 'vitest'
import type { Json } from '../../json.ts'
import { expectNoLeaks } from '../testing/expect-no-leaks.ts'
import { findLeak } from '../testing/find-leak.ts'
import { writeScrubbed } from '../testing/planted-secrets.ts'
import type { Recording } from '../types.ts'
import type { SeenExchange } from './exchange.ts'

const exchange = (
  request: Json,
  response: Json | string = {},
  headers: Record<string, string> = {},
): SeenExchange => ({
  method: 'POST',
  path: '/responses',
  search: new URLSearchParams(),
  requestHeaders: new Headers({ 'content-type': 'application/json', ...headers }),
  requestBody: Buffer.from(JSON.stringify(request)),
  status: 200,
  responseHeaders: new Headers({
    'content-type': typeof response === 'string' ? 'text/event-stream' : 'application/json',
  }),
  responseBody: Buffer.from(typeof response === 'string' ? response : JSON.stringify(response)),
})
const scrub = (request: Json) => writeScrubbed([exchange(request)]).recordings[0]?.request.body
const sseOf = (recording: Recording | undefined) =>
  recording && 'sse' in recording.response.body ? recording.response.body.sse : ''

describe('a planted secret', () => {
  test('is in no written file, whatever its name, place and form', () => expectNoLeaks(300))

  test('would be found: the check sees plain, escaped, percent-encoded and base64 forms, and texts of deltas', () => {
    const secret = 'aB3"é/x+9 zQ'
    const bytes = Buffer.from(secret)
    for (const text of [
      secret,
      JSON.stringify(JSON.stringify(secret)),
      encodeURIComponent(encodeURIComponent(secret)),
      new URLSearchParams({ secret }).toString(),
      Buffer.concat([Buffer.from('x'), bytes]).toString('base64'),
      Buffer.concat([Buffer.from('xy'), bytes, bytes]).toString('base64url'),
    ])
      expect(findLeak(JSON.stringify({ text }), [], secret)).toBeDefined()
    expect(findLeak('{"text":"aB3 é/x+9 zQ"}', [], secret)).toBeUndefined()
    const sse = [...secret].map((delta) => `data: ${JSON.stringify({ delta })}\n\n`).join('')
    const recordings = [{ response: { body: { sse } } }] as unknown as Recording[]
    expect(findLeak('', recordings, secret)).toBe('plain')
  })

  test.each([
    [
      'a common word',
      { password: 'hello', input: 'hello, say hello' },
      { password: 'removed-0001', input: 'hello, say hello' },
    ],
    [
      'a word of the protocol',
      { token: 'completed', status: 'completed' },
      { token: 'removed-0001', status: 'completed' },
    ],
    [
      'an id',
      { token: 'resp_0123456789abcdef', id: 'resp_0123456789abcdef' },
      { token: 'removed-0000000000001', id: 'resp_0123456789abcdef' },
    ],
    ['a number', { pin: 1234, count: 1234 }, { pin: 'removed-0001', count: 1234 }],
    ['a number in arguments', { arguments: '{"pin": 1234}' }, { arguments: '{"pin": "removed-0001"}' }],
  ])('that is %s leaves its place, and nothing else', (_, before, after) => {
    expect(scrub(before)).toEqual(after)
  })

  test.each([
    ['YAML', 'db:\n  user: joe\n  password: swordfish\n  retries: 3', 'password: removed-0001'],
    ['a file of environment variables', 'A=1\nexport DB_PASSWORD=swordfish\nB=2', 'DB_PASSWORD=removed-0001'],
    ['XML', '<db><user>joe</user><password>swordfish</password></db>', '<password>removed-0001<'],
    ['attributes', '<db user="joe" password="swordfish"/>', 'password="removed-0001"'],
    ['a JavaScript object', "connect({ user: 'joe', password: 'swordfish' })", "password: 'removed-0001'"],
    ['a header line', 'curl -H "X-Api-Key: swordfish" x', 'X-Api-Key: removed-0001'],
    ['a list of header lines', '["Authorization: Bearer swordfish"]', 'Authorization: removed-00000001'],
    ['a URL with apostrophes', "x https://a.example/?password=swordfish''aB3dE6'.", 'password=removed-'],
    [
      'a Discord webhook',
      'https://discord.com/api/webhooks/123456789/aB3dE6gH9jK2mN5pQ8sT',
      '123456789/removed-000000000001',
    ],
  ])('in %s leaves its place', (_, input, after) => {
    const { input: scrubbed } = scrub({ input }) as { input: string }
    expect(scrubbed).toContain(after)
    expect(scrubbed).not.toMatch(/swordfish|aB3dE6/)
  })

  test('equal secrets get equal stand-ins of their length, in all exchanges of the run', () => {
    const secret = 'aB3dE6gH9jK2mN5p'
    const { recordings } = writeScrubbed([
      exchange({ input: `before it is known: ${secret}` }),
      exchange({ tools: [{ type: 'mcp', authorization: secret }] }),
    ])
    expect(recordings.map(({ request }) => request.body)).toEqual([
      { input: 'before it is known: removed-00000001' },
      { tools: [{ type: 'mcp', authorization: 'removed-00000001' }] },
    ])
  })

  test('a file that was scrubbed once stays as it is', () => {
    const once = scrub({
      api_key: 'aB3dE6gH9jK2mN5p',
      url: 'https://a.example/?sig=aB3dE6gH9',
      pin: 1234,
    }) as Json
    expect(scrub(once)).toEqual(once)
  })

  test('split over deltas, it leaves all of them, and the log probabilities that spell it', () => {
    const secret = 'aB3dE6gH9jK2mN5p'
    const event = (delta: string) =>
      `event: response.output_text.delta\r\ndata: ${JSON.stringify({ type: 'response.output_text.delta', item_id: 'msg_1', delta, logprobs: [{ token: delta, logprob: -1 }] })}\r\n\r\n`
    const parts = ['it is ', 'aB3d', 'E6gH9j', 'K2mN5p', '.']
    const { recordings } = writeScrubbed([exchange({ api_key: secret }, parts.map(event).join(''))])
    const wire = sseOf(recordings[0])
    expect([...wire.matchAll(/"delta":"([^"]*)"/g)].map(([, delta]) => delta)).toEqual([
      'it is ',
      'remo',
      'ved-00',
      '000001',
      '.',
    ])
    expect(wire.match(/"logprobs":\[\]/g)).toHaveLength(3)
    expect(wire.startsWith(event('it is '))).toBe(true)
  })

  test('in data over several lines, it leaves, and the lines stay', () => {
    const wire = 'data: {"type":"x",\r\ndata:  "token":\r\ndata:  "aB3dE6gH9jK2mN5p"}\r\n\r\n: end\n\n'
    const { recordings } = writeScrubbed([exchange({}, wire)])
    expect(sseOf(recordings[0])).toBe(wire.replace('aB3dE6gH9jK2mN5p', 'removed-00000001'))
  })

  test('the MCP example of the report: authorization, headers, URL', () => {
    expect(
      scrub({
        tools: [
          {
            type: 'mcp',
            server_label: 's',
            server_url: 'https://mcp.example/t/s3cr3t/sse?team=blue',
            authorization: 'ya29a0AfB_byC7d6e5f4g3h2i1j0kLmNoPqRsTuV',
            headers: { 'X-Tenant': 'blue', Accept: 'text/event-stream' },
            require_approval: 'never',
          },
        ],
      }),
    ).toEqual({
      tools: [
        {
          type: 'mcp',
          server_label: 's',
          server_url: 'https://mcp.example/removed-0001/removed-0002/sse?team=removed-0003',
          authorization: `removed-${'4'.padStart(32, '0')}`,
          headers: { 'X-Tenant': 'removed-0003', Accept: 'removed-000000005' },
          require_approval: 'never',
        },
      ],
    })
  })
})

describe('neighbours that are no secrets stay', () => {
  const schema = {
    type: 'object',
    properties: {
      password: { type: 'string', description: 'The password, such as hunter' },
      token: { type: 'string' },
    },
    required: ['password', 'token'],
    additionalProperties: false,
  }
  test.each<[string, Json]>([
    [
      'counts of tokens',
      { usage: { input_tokens: 123456789, output_tokens: 12, total_tokens: 13 }, max_output_tokens: 4096 },
    ],
    [
      'encrypted content and padding',
      { encrypted_content: 'gAAAAABaB3dE6gH9jK2mN5pQ8sT==', obfuscation: 'aB3dE6gH9jK2mN5p' },
    ],
    [
      'ids',
      {
        id: 'resp_0123456789abcdef',
        call_id: 'call_aB3dE6gH9jK2mN5p',
        previous_response_id: 'resp_aB3dE6gH9jK2mN5p',
      },
    ],
    [
      'a schema with such properties',
      { tools: [{ type: 'function', name: 'login', parameters: schema, strict: true }] },
    ],
    ['a text format with such properties', { text: { format: { type: 'json_schema', name: 'x', schema } } }],
    [
      'tokens of log probabilities',
      {
        logprobs: [
          {
            token: 'aB3dE6gH9jK2mN5p',
            logprob: -0.1,
            bytes: [97],
            top_logprobs: [{ token: 'x', logprob: -1 }],
          },
        ],
      },
    ],
    ['keys of a keyboard', { action: { type: 'keypress', keys: ['CTRL', 'A'] } }],
    ['a filter', { filters: { type: 'eq', key: 'category', value: 'blue' } }],
    ['YAML about a credential', { input: 'auth:\n  password: required\n  token: string\n  api_key: null' }],
    [
      'prose',
      {
        input:
          'The password is a secret. Is the token: expired? api_key: your key. Use basic authentication.',
      },
    ],
    [
      'code',
      {
        input:
          'token = get_token()\nclient = Client(api_key=os.environ["KEY"], password=password)\nconst key = process.env.KEY',
      },
    ],
    [
      'URLs',
      {
        image_url: 'https://a.example/b/c.png?width=100&key=blue#top',
        file_url: 'data:text/plain;base64,aGVsbG8gd29ybGQgMTIz',
      },
    ],
    [
      'an MCP URL of common words',
      { tools: [{ type: 'mcp', server_url: 'https://mcp.example.com:8443/v1/mcp' }] },
    ],
    [
      'what somebody removed before',
      { tools: [{ type: 'mcp', authorization: '<redacted>', headers: null }] },
    ],
    ['an empty credential', { tools: [{ type: 'mcp', authorization: '', headers: {} }] }],
  ])('%s', (_, body) => {
    expect(scrub(body)).toEqual(body)
  })

  test('every byte of a stream without secrets', () => {
    const wire =
      'event: é\r\ndata: { "b": "😀", "n": 1.0 }\r\n\r\n: api\n\ndata: [DONE]\n\ndata: not {json\n\nid: 7\n'
    expect(sseOf(writeScrubbed([exchange({}, wire)]).recordings[0])).toBe(wire)
  })
})
