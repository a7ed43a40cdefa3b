import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../../json.ts'
import { parseSse } from '../../sse.ts'
import { formatSse } from '../../testing/format-sse.ts'
import { answerJson as answering, answerSse, withRecorder } from '../testing/upstream.ts'
import type { Recording, RecordingFile } from '../types.ts'
import { KEYS, SCHEMA_KEYWORDS } from './anonymise/vocabulary.ts'
import { createAnonymiser } from './anonymise.ts'

const SECRET = 'Quartalsbericht'
const anonymise = createAnonymiser('a key for tests')
const fileOf = (
  body: Json,
  answer: Recording['response']['body'],
  url = 'https://api.openai.com/v1/responses',
): RecordingFile => ({
  schema: 1,
  id: 'x',
  recordings: [
    {
      request: { method: 'POST', url, headers: { 'user-agent': `${SECRET}/1` }, body, recorded: true },
      response: { status: 200, headers: { 'x-own': SECRET }, body: answer },
    },
  ],
})

const only = (file: RecordingFile | undefined) => file?.recordings[0] as Recording

/** Values whose strings and foreign keys all hold the word, at places that the protocol knows and at others. */
const around = fc.constantFrom('', ' ', '_', '"', '\\', '\n', 'é', '.', '{"a":"', '/')
const said = fc.tuple(around, around).map(([before, after]) => `${before}${SECRET}${after}`)
const key = fc.oneof(
  fc.constantFrom(...KEYS),
  fc.constantFrom(...SCHEMA_KEYWORDS),
  fc.constantFrom('parameters', 'schema', 'properties', 'arguments', 'logprobs', 'metadata', 'type', 'delta'),
  said,
)
const value = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    said,
    said.map((text) => JSON.stringify({ [text]: [text, { deeper: JSON.stringify({ text }) }] })),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value

describe('anonymising', () => {
  test('leaves the word nowhere: not in bodies, streams, headers, paths or queries', () => {
    fc.assert(
      fc.property(value, value, (body, answer) => {
        const stream = `${formatSse({ type: SECRET, answer } as never)}: ${SECRET}\nid: ${SECRET}\ndata: ${SECRET}\n\n`
        const url = `https://${SECRET}.example/v1/responses/${SECRET}?after=${SECRET}&${SECRET}=1`
        const files = [{ json: answer }, { sse: stream, exact: true }, { text: JSON.stringify(answer) }]
        for (const held of files)
          expect(JSON.stringify(anonymise(fileOf(body, held, url)))).not.toMatch(new RegExp(SECRET, 'i'))
      }),
      { numRuns: 1000 },
    )
  })

  test('is the same for the same key, and other for another', () => {
    const file = fileOf({ input: `the ${SECRET} of today` }, { json: {} })
    expect(createAnonymiser('a key for tests')(file)).toEqual(anonymise(file))
    expect(createAnonymiser('another')(file)).not.toEqual(anonymise(file))
    expect(createAnonymiser()(file)).not.toEqual(createAnonymiser()(file))
  })

  test('names are consistent between tool, schema, arguments and structured output', () => {
    const one = only(
      anonymise(
        fileOf(
          {
            tools: [
              {
                type: 'function',
                name: 'find_ship',
                parameters: {
                  type: 'object',
                  properties: { harbour: { type: 'string', enum: ['Oslo'] } },
                  required: ['harbour'],
                  pattern: 'x',
                },
              },
            ],
            tool_choice: { type: 'function', name: 'find_ship' },
            model: 'gpt-5-mini',
          },
          {
            json: {
              output: [
                {
                  type: 'function_call',
                  name: 'find_ship',
                  arguments: '{"harbour": "Oslo"}',
                  status: 'completed',
                },
              ],
              model: 'ft:gpt-4o:acme::x',
            },
          },
        ),
      ),
    )
    const {
      tools,
      tool_choice: choice,
      model,
    } = one.request.body as {
      tools: {
        name: string
        parameters: {
          properties: Record<string, { enum: string[]; type: string }>
          required: string[]
          type: string
        }
      }[]
      tool_choice: { name: string }
      model: string
    }
    const { output, model: own } = (
      one.response.body as {
        json: { output: { name: string; arguments: string; status: string; type: string }[]; model: string }
      }
    ).json
    const [tool, call] = [tools[0], output[0]]
    const [property, ...none] = Object.keys(tool?.parameters.properties ?? {})
    expect([tool?.name, choice.name]).toEqual([call?.name, call?.name])
    expect(tool?.name).toMatch(/^[a-z]{4}_[a-z]{4}$/)
    expect(none).toEqual([])
    expect(tool?.parameters).toMatchObject({ type: 'object', required: [property] })
    expect(JSON.parse(call?.arguments ?? '')).toEqual({
      [property as string]: tool?.parameters.properties[property as string]?.enum[0],
    })
    expect([call?.type, call?.status, model, own.includes('acme')]).toEqual([
      'function_call',
      'completed',
      'gpt-5-mini',
      false,
    ])
  })

  test('deltas make the text that is said to be done, cut where they were cut', () => {
    const deltas = ['Quar', 'tals', 'ber', 'icht', ' is la', 'te']
    const at = { item_id: 'msg_1', output_index: 0, content_index: 0 }
    const wire = [
      ...deltas.map((delta, n) =>
        formatSse({ type: 'response.output_text.delta', ...at, delta, sequence_number: n } as never),
      ),
      formatSse({ type: 'response.output_text.done', ...at, text: deltas.join('') } as never),
    ].join('')
    const one = only(anonymise(fileOf(null, { sse: wire, exact: true })))
    const body = one.response.body as { sse: string; exact: boolean }
    const events = parseSse(body.sse).map(({ data }) => JSON.parse(data))
    expect(events.slice(0, -1).map(({ delta }) => delta.length)).toEqual(deltas.map(({ length }) => length))
    expect(
      events
        .slice(0, -1)
        .map(({ delta }) => delta)
        .join(''),
    ).toBe(events.at(-1).text)
    expect(events.at(-1).text).not.toContain('late')
    expect(body.exact).toBe(true)
  })

  test('tokens and their bytes are those of the new text', () => {
    const logprobs = ['Quartals', 'bericht'].map((token) => ({
      token,
      logprob: -1,
      bytes: [...Buffer.from(token)],
      top_logprobs: [{ token, logprob: -1, bytes: [...Buffer.from(token)] }],
    }))
    const one = only(anonymise(fileOf(null, { json: { text: SECRET, logprobs } })))
    const { text, logprobs: after } = (
      one.response.body as { json: { text: string; logprobs: typeof logprobs } }
    ).json
    expect(after.map(({ token }) => token).join('')).toBe(text)
    for (const { token, bytes, top_logprobs: top } of after) {
      expect(Buffer.from(bytes).toString()).toBe(token)
      expect(top[0]).toMatchObject({ token, bytes })
    }
  })

  test('the recorder writes anonymised files, the client sees its own words', async () => {
    const at = { item_id: 'msg_1', output_index: 0, content_index: 0 }
    const wire = formatSse({ type: 'response.output_text.delta', ...at, delta: SECRET } as never)
    await withRecorder(
      answerSse(wire),
      async ({ post, finish }) => {
        expect(await (await post({ input: SECRET, stream: true })).text()).toContain(SECRET)
        const { recordings, refused } = await finish()
        expect(refused).toEqual([])
        expect(JSON.stringify(recordings)).not.toContain(SECRET)
        const { request, response } = only(recordings[0]?.file)
        const word = (request.body as { input: string }).input
        expect(word).toMatch(/^[A-Z][a-z]{14}$/)
        expect((response.body as { sse: string }).sse).toContain(`"delta":"${word}"`)
      },
      { change: anonymise },
    )
  })

  test('a secret does not hide behind anonymising: what is written is what is scanned', async () => {
    await withRecorder(
      answering({ says: `sk-${'a1B2'.repeat(8)}` }),
      async ({ post, finish }) => {
        await (await post({})).text()
        const { recordings, names } = await finish()
        // The key was replaced like any word. Otherwise the scan would have found it, and there would be no file.
        expect(names).toHaveLength(1)
        expect(JSON.stringify(recordings)).not.toContain('a1B2a1B2')
      },
      { change: anonymise },
    )
  })
})
