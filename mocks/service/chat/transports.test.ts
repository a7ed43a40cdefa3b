import type OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { describeError, playStory, type Stage, type Story } from '../../testing/over-transports.ts'
import { httpTransportNames } from '../../transports.ts'
import type { Answer, Fault } from '../types.ts'

const body: OpenAI.Chat.ChatCompletionCreateParamsNonStreaming = {
  model: 'gpt-5.1',
  messages: [{ role: 'user', content: 'hello' }],
  tools: [
    {
      type: 'function',
      function: {
        name: 'get_weather',
        parameters: { type: 'object', properties: { city: { type: 'string' } } },
      },
    },
  ],
}

async function readChunks({ client, noteSeen: saw }: Stage): Promise<void> {
  try {
    for await (const chunk of await client.chat.completions.create({ ...body, stream: true })) saw(chunk)
    saw('end')
  } catch (error) {
    saw(describeError(error))
  }
}

const readWhole = ({ client, noteSeen: saw }: Stage): Promise<void> =>
  client.chat.completions.create(body).then(saw, (error) => saw(describeError(error)))

const text: Answer = { items: [{ type: 'text', text: 'Überall dieselbe Antwort, auf jedem Weg: 你好.' }] }
const call: Answer = { items: [{ type: 'call', tool: 'get_weather', args: { city: 'Oslo' } }] }

const places = [0, 1, 4, 6, 99]
const faults: Fault[] = [
  { kind: 'http', status: 400, code: 'invalid_value' },
  { kind: 'http', status: 429, code: 'rate_limit_exceeded' },
  { kind: 'http', status: 500 },
  { kind: 'refuse-connection' },
  ...places.flatMap((at): Fault[] => [
    { kind: 'error-event', at, form: 'nested', code: 'server_error' },
    { kind: 'error-event', at, form: 'flat', code: 'server_error' },
    { kind: 'failed', at, code: 'server_error' },
    { kind: 'incomplete', at, reason: 'max_output_tokens' },
    { kind: 'eof', at },
    { kind: 'reset', at },
    { kind: 'garbage', at, data: 'this is {no JSON' },
  ]),
]

const stories: Story[] = [
  { name: 'a streamed text', answers: [text], run: readChunks },
  { name: 'a text as JSON', answers: [text], run: readWhole },
  { name: 'a streamed tool call', answers: [call], run: readChunks },
  { name: 'a tool call as JSON', answers: [call], run: readWhole },
  {
    name: 'every wire form at once',
    answers: [{ ...text, wire: { chunk: 3, eol: 'crlf', comments: true, unknown: true, obfuscation: true } }],
    run: readChunks,
  },
  ...faults.flatMap((fault): Story[] => {
    const answers = [{ ...text, faults: [fault] }, text]
    const streamed = { name: `streamed, ${JSON.stringify(fault)}`, answers, run: readChunks }
    const whole = { name: `as JSON, ${JSON.stringify(fault)}`, answers, run: readWhole }
    return fault.kind === 'error-event' ? [streamed] : [streamed, whole]
  }),
  {
    name: 'an abort in the middle of a stalled stream',
    answers: [{ ...text, faults: [{ kind: 'stall', at: 6 }] }],
    async run({ client, waitForEvent: told, noteSeen: saw }) {
      const stop = new AbortController()
      const stream = await client.chat.completions.create({ ...body, stream: true }, { signal: stop.signal })
      await told('stalled')
      stop.abort()
      for await (const chunk of stream) saw(chunk)
      saw('end')
      await told('request.cancelled')
    },
  },
]

describe('a chat completion over the three transports', () => {
  it.each(stories)('$name', async (story) => {
    const [first, ...others] = await Promise.all(
      httpTransportNames.filter((name) => name !== 'intercept').map((name) => playStory(story, name)),
    )
    for (const other of [...others, await playStory(story, 'intercept')]) expect(other).toEqual(first)
  })
})
