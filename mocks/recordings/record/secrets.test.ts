import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findSharedFolder } from '../../testing/shared-folder.ts'
import { readRecordings } from '../formats/read.ts'
import { answerJson, answerSse, withRecorder } from '../testing/upstream.ts'
import type { RecordingFile } from '../types.ts'
import { findSecret, findSecrets, listEnvironmentSecrets, listHeaderSecrets } from './secrets.ts'

const letters = (length: number) => 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF'.repeat(4).slice(0, length)

/** The secrets are composed here, so that no file of the project holds a text that a scanner takes for a key. */
const planted: [string, string][] = [
  ['an API key (sk-…)', `sk-proj-${letters(24)}`],
  ['a Stripe key', `sk_live_${letters(24)}`],
  ['an AWS access key', `AKIA${letters(16).toUpperCase()}`],
  ['a Google API key', `AIza${letters(35)}`],
  ['a GitHub token', `ghp_${letters(36)}`],
  ['a GitHub token', `github_pat_${letters(30)}`],
  ['a GitLab token', `glpat-${letters(20)}`],
  ['a Slack token', `xoxb-${letters(20)}`],
  ['an npm token', `npm_${letters(36)}`],
  ['a Hugging Face token', `hf_${letters(34)}`],
  ['a JSON Web Token', `eyJ${letters(20)}.eyJ${letters(20)}.${letters(20)}`],
  ['a private key', '-----BEGIN RSA PRIVATE KEY-----'],
  ['an Authorization value', `Bearer ${letters(20)}`],
  ['a password in a URL', 'postgres://admin:hunter22@db.internal/x'],
  ['a cookie', 'Cookie: session=abcdef0123456789'],
  ['a credential that is assigned', 'OPENAI_API_KEY=abcdefghij0123'],
  ['a credential that is assigned', '"client_secret": "abcdefghij0123"'],
]

describe('secrets', () => {
  test.each(planted)('%s is seen wherever it stands', (kind, secret) => {
    fc.assert(
      fc.property(
        fc.constantFrom('', 'say ', '"', '\n', '('),
        fc.constantFrom('', ' ', '"', ','),
        (before, after) => {
          expect(findSecret(before + secret + after, [])).toBe(kind)
        },
      ),
    )
  })

  test('ordinary texts, random padding and encrypted content are none', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_-]{0,400}$/), (noise) => {
        expect(findSecret(`gAAAAA${noise}==`, [])).toBeUndefined()
      }),
    )
    for (const text of [
      'the password is a secret',
      'basic usage',
      'task-oriented-assistant-framework',
      'api_key: your key',
      'https://example.com/a:b@c',
    ])
      expect(findSecret(text, [])).toBeUndefined()
  })

  test('what looks like the beginning of a secret again and again costs linear time', () => {
    for (const start of [
      'api_key=',
      'a-',
      'sk-!',
      '://',
      'Bearer ',
      'cookie: a=',
      'eyJaaaaaaaa.!',
      'abcdef0123456789',
    ])
      expect(findSecret(start.repeat(500_000 / start.length), [])).toBeUndefined()
  })

  test('a known value is seen as it is, URL-encoded and in base64', () => {
    const known = 'p@ss/word+1'
    for (const text of [known, encodeURIComponent(known), Buffer.from(known).toString('base64')])
      expect(findSecrets({ a: [`x ${text} y`] }, [known])).toEqual([
        { place: '$.a[0]', kind: 'a credential of this run' },
      ])
  })

  test('a secret in a key, or split over deltas, is seen and its place told', () => {
    const secret = planted[0]?.[1] as string
    expect(findSecrets({ [secret]: 1 }, [])[0]?.place).toContain('(key)')
    const delta = (text: string) =>
      `data: ${JSON.stringify({ type: 'response.output_text.delta', item_id: 'msg_1', content_index: 0, delta: text })}\n\n`
    const wire = [...secret].map(delta).join('')
    expect(findSecrets({ sse: wire }, [])).toEqual([
      { place: '$.sse deltas of response.output_text.delta msg_1 0', kind: 'an API key (sk-…)' },
    ])
  })

  test('headers and environment give their credentials', () => {
    const basic = Buffer.from('someone:hunter22').toString('base64')
    expect(
      listHeaderSecrets([
        ['authorization', 'Bearer my-token'],
        ['Api-Key', 'abcdef'],
        ['proxy-authorization', `Basic ${basic}`],
        ['cookie', 'a=12345678; b=1'],
        ['openai-organization', 'org-mine'],
        ['accept', 'application/json'],
        ['x-ratelimit-limit-tokens', '180000000'],
      ]),
    ).toEqual(expect.arrayContaining(['my-token', 'abcdef', 'hunter22', 'someone', '12345678', 'org-mine']))
    expect(
      listEnvironmentSecrets({
        OPENAI_API_KEY: 'abcdefghijkl',
        HOME: '/root/abcdefghijkl',
        SSH_KEY_FILE: '/x/y/z/aaaaaaaaaa',
      }),
    ).toEqual(['abcdefghijkl'])
  })
})

describe('the recorder and secrets', () => {
  const credential = `sk-${letters(30)}`
  const auth = {
    authorization: `Bearer ${credential}`,
    cookie: 'session=0123456789',
    'openai-organization': 'org-abcdefghij1',
    'x-other': 'y',
  }

  test('credentials, cookies and identities are not in the file', async () => {
    const body = {
      id: 'resp_00000001',
      user: 'jane@corp',
      prompt_cache_key: 'jane',
      note: 'org-abcdefghij1 proj_abcdefghij2 sk-ab***yz',
    }
    await withRecorder(
      answerJson(body, 200, {
        'set-cookie': 'cf=0123456789abcdef',
        'openai-organization': 'corp-name-1',
        'x-request-id': 'req_1',
      }),
      async ({ post, finish, requests }) => {
        await (
          await post({ user: 'jane@corp', input: 'x' }, auth, '/responses?api-key=zzzzzzzz&include=a')
        ).text()
        // The upstream gets everything. Only the written file is cleaned.
        expect(requests[0]).toMatchObject({
          url: '/v1/responses?api-key=zzzzzzzz&include=a',
          headers: auth,
          text: '{"user":"jane@corp","input":"x"}',
        })
        const { recordings, refused } = await finish()
        expect(refused).toEqual([])
        const { request, response } = recordings[0]?.file.recordings[0] ?? {}
        expect(request?.url).toBe('https://upstream.invalid/v1/responses?include=a')
        expect(request?.body).toEqual({ user: 'removed-0001', input: 'x' })
        expect(response?.headers).toEqual({
          'content-type': 'application/json',
          date: expect.any(String),
          'x-request-id': 'req_1',
        })
        expect(response?.body).toEqual({
          json: {
            id: 'resp_00000001',
            user: 'removed-0001',
            prompt_cache_key: 'removed-0002',
            note: 'org-00000000003 proj_00000000004 sk-removed',
          },
        })
        expect(JSON.stringify(recordings)).not.toMatch(/jane|corp|session|0123456789|abcdefghij|zzzz/)
      },
    )
  })

  test('identities leave a stream too, and its other bytes stay', async () => {
    const wire = (user: string) =>
      `event: a\r\ndata: {"type":"a","response":{"user":"${user}"}}\r\n\r\ndata: {"b": 1.0}\n\n`
    await withRecorder(answerSse(wire('jane')), async ({ post, finish }) => {
      await (await post({ stream: true })).text()
      expect((await finish()).recordings[0]?.file.recordings[0]?.response.body).toEqual({
        sse: wire('removed-0001'),
        exact: true,
      })
    })
  })

  const places: [string, unknown, unknown][] = [
    ['in a text of the request', { input: `my key is ${credential}` }, {}],
    ['in a text of the response', {}, { output: `it is ${planted[4]?.[1]}` }],
    ['of a query parameter', {}, { echo: 'key=zzzzzzzz9' }],
    ['of a cookie', { metadata: { c: 'session=0123456789' } }, {}],
    ['of a header that ends in -key', { input: 'use s3cr3t-and-l0ng' }, { said: 's3cr3t-and-l0ng' }],
  ]
  test.each(places)('a credential %s is replaced, and the file is written', async (_, request, answer) => {
    await withRecorder(answerJson(answer), async ({ post, finish, requests }) => {
      const headers = { ...auth, 'x-tenant-key': 's3cr3t-and-l0ng' }
      expect((await post(request, headers, '/responses?api-key=zzzzzzzz9')).status).toBe(200)
      // The upstream gets everything.
      expect(JSON.parse(requests[0]?.text ?? '')).toEqual(request)
      const { names, refused, recordings } = await finish()
      expect(refused).toEqual([])
      expect(names).toEqual(['recording-0001.json'])
      expect(JSON.stringify(recordings)).toContain('removed-')
      expect(JSON.stringify(recordings)).not.toMatch(/aB3d|0123456789|zzzzzzzz9|s3cr3t/)
    })
  })

  /** Puts a secret into a text after the credentials were replaced, as a faulty `change` could. */
  const spoil = (file: RecordingFile): RecordingFile =>
    JSON.parse(
      JSON.stringify(file).replaceAll('first again', `my key is ${planted[4]?.[1]}`),
    ) as RecordingFile

  test('a secret that is left fails closed: its conversation loses the file, others keep theirs', async () => {
    await withRecorder(
      (request, response) =>
        answerJson({ id: request.text.includes('other') ? 'resp_other0' : 'resp_first0' })(request, response),
      async ({ post, finish }) => {
        await (await post({ input: 'first' })).text()
        await (await post({ input: 'other' })).text()
        await (await post({ previous_response_id: 'resp_first0', input: 'first again' })).text()
        // A later exchange does not bring the file back.
        await (await post({ previous_response_id: 'resp_first0', input: 'fine' })).text()
        const { names, refused } = await finish()
        expect(names).toEqual(['recording-0002.json'])
        expect(refused).toHaveLength(2)
        expect(refused[0]).toContain('$.recordings[1].request.body.input: found a GitHub token')
        expect(refused[0]).not.toMatch(/aB3d/)
      },
      { change: spoil },
    )
  })

  test('a credential that becomes known later leaves the files that were written before', async () => {
    await withRecorder(answerJson({}), async ({ post, finish }) => {
      await (await post({ input: 'say s3cr3t-and-l0ng' })).text()
      await (await post({ input: 'x', tools: [{ type: 'mcp', authorization: 's3cr3t-and-l0ng' }] })).text()
      const { recordings, refused } = await finish()
      expect(refused).toEqual([])
      expect(recordings.map(({ file }) => file.recordings[0]?.request.body)).toEqual([
        { input: 'say removed-0000001' },
        { input: 'x', tools: [{ type: 'mcp', authorization: 'removed-0000001' }] },
      ])
    })
  })

  test('values named in `secrets` are replaced too', async () => {
    await withRecorder(
      answerJson({ says: 'correct horse' }),
      async ({ post, finish }) => {
        await (await post({})).text()
        const { recordings } = await finish()
        expect(recordings[0]?.file.recordings[0]?.response.body).toEqual({ json: { says: 'removed-00001' } })
      },
      { secrets: ['correct horse'] },
    )
  })
})

const shared = findSharedFolder()
describe.runIf(shared)('secrets in collected conversations (needs ../shared)', () => {
  test('there are none, and nothing is taken for one', async () => {
    const { recordings } = await readRecordings(join(shared as string, 'recordings/conversations'))
    expect(recordings.flatMap(({ file }) => findSecrets(file, []))).toEqual([])
  })
})
