import fc from 'fast-check'
import type OpenAI from 'openai'
import { ChatCompletionStream } from 'openai/lib/ChatCompletionStream'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../json.ts'
import { queueScript } from '../script.ts'
import { createService } from '../service.ts'
import { answers, faults, TOOLS, wires } from '../testing/arbitraries.ts'
import { callService } from '../testing/calls.ts'
import { createClient } from '../testing/client.ts'
import type { Answer, Fault } from '../types.ts'
import type { ServiceEvent } from '../watch.ts'

const tools: OpenAI.Chat.ChatCompletionTool[] = TOOLS.map((name) => ({
  type: 'function',
  function: { name, parameters: { type: 'object', properties: { city: { type: 'string' } } } },
}))
const ask = { model: 'm', messages: [{ role: 'user' as const, content: 'hi' }], tools }

const story: Answer = {
  items: [
    { type: 'reasoning', summary: ['Hm.'], encrypted: false },
    { type: 'text', text: 'I look at both, and then I tell you.' },
    { type: 'call', tool: 'lookup', args: { city: 'Bern' } },
    { type: 'call', tool: 'get_weather', args: { city: 'Oslo' } },
  ],
}

function watched(script: Answer[]) {
  const seen: ServiceEvent[] = []
  const service = createService({ script: queueScript(script), watch: (event) => seen.push(event) })
  return { service, seen }
}

describe('POST /chat/completions', () => {
  it('answers with one message that holds the text and the calls', async () => {
    const { service, seen } = watched([story])
    const completion = await createClient(service).chat.completions.create(ask)
    expect(completion).toMatchObject({
      object: 'chat.completion',
      choices: [
        {
          index: 0,
          finish_reason: 'tool_calls',
          message: {
            role: 'assistant',
            content: 'I look at both, and then I tell you.',
            refusal: null,
            tool_calls: [
              { type: 'function', function: { name: 'lookup', arguments: '{"city":"Bern"}' } },
              { type: 'function', function: { name: 'get_weather', arguments: '{"city":"Oslo"}' } },
            ],
          },
        },
      ],
    })
    expect(completion.id).toMatch(/^chatcmpl-[0-9a-f]{50}$/)
    const { prompt_tokens = 0, completion_tokens = 0, total_tokens } = completion.usage ?? {}
    expect(total_tokens).toBe(prompt_tokens + completion_tokens)
    // The service reports the response under the same id and the request in the terms of the Responses API.
    const ended = seen.find((event) => event.type === 'response.end')
    expect(ended).toMatchObject({
      outcome: 'completed',
      body: { object: 'response', id: completion.id, store: false },
    })
    const asked = seen.find((event) => event.type === 'request')
    expect(asked?.request).toMatchObject({
      path: '/v1/chat/completions',
      body: { input: [{ type: 'message', role: 'user', content: 'hi' }], store: false },
    })
  })

  it('streams chunks that the SDK gathers to the very completion, whatever is said and however it is written', async () => {
    await fc.assert(
      fc.asyncProperty(answers, wires, fc.boolean(), async (answer, wire, include_usage) => {
        const completionOf = async (stream: boolean) => {
          const script = queueScript([{ ...answer, wire }])
          const service = createService({ script, seed: 'same', now: () => 1_790_000_000_000 })
          const client = createClient(service)
          if (!stream) return client.chat.completions.create(ask)
          const body = { ...ask, stream: true as const, stream_options: { include_usage } }
          return ChatCompletionStream.createChatCompletion(client, body).finalChatCompletion()
        }
        const [whole, gathered] = await Promise.all([completionOf(false), completionOf(true)])
        const inShort = ({ id, model, created, choices, usage }: OpenAI.ChatCompletion) => ({
          ...{ id, model, created },
          usage: include_usage ? usage : undefined,
          choices: choices.map(({ finish_reason, message }) => {
            const { role, content, refusal } = message
            const calls = message.tool_calls?.map((held) =>
              held.type === 'function'
                ? { id: held.id, name: held.function.name, arguments: held.function.arguments }
                : held,
            )
            // In a chunk, '' and null both mean no text.
            return {
              role,
              finish_reason,
              calls: calls ?? [],
              content: content || null,
              refusal: refusal || null,
            }
          }),
        })
        expect(inShort(gathered)).toEqual(inShort(whole))
      }),
      { numRuns: 100 },
    )
  })

  it('goes on with the results of the calls, and refuses a conversation that leaves one open', async () => {
    const { service, seen } = watched([story, { items: [{ type: 'text', text: 'Warm and cold.' }] }])
    const client = createClient(service)
    const first = (await client.chat.completions.create(ask)).choices[0]?.message
    if (first?.tool_calls === undefined) throw new Error('no calls')
    const results = first.tool_calls.map(({ id }) => ({
      role: 'tool' as const,
      tool_call_id: id,
      content: 'x',
    }))
    const messages = [...ask.messages, first, ...results]
    const next = await client.chat.completions.create({ ...ask, messages })
    expect(next.choices[0]?.message.content).toBe('Warm and cold.')
    expect(next.choices[0]?.finish_reason).toBe('stop')
    await expect(
      client.chat.completions.create({ ...ask, messages: messages.slice(0, -1) }),
    ).rejects.toMatchObject({ status: 400, param: 'messages.[3].role', code: null })
    expect(seen.flatMap((event) => (event.type === 'request.refused' ? [event.rule] : []))).toEqual([
      'chat-tool-calls-answered',
    ])
  })

  it('names the fields of a chat body where the response is what is refused', async () => {
    const models = { m: { contextWindow: 4, efforts: ['low'] } }
    const paramOf = async (body: JsonObject) => {
      const { json } = await callService(createService({ models }), 'POST', '/chat/completions', {
        ...ask,
        ...body,
      })
      return (json['error'] as JsonObject)['param']
    }
    expect(await paramOf({ reasoning_effort: 'high' })).toBe('reasoning_effort')
    const strict = { type: 'function', function: { name: 'x', strict: true, parameters: { type: 'object' } } }
    expect(await paramOf({ tools: [strict] })).toBe('tools[0].function.parameters')
    expect(await paramOf({ model: 'unheard' })).toBe('model')
  })
})

describe('a fault in a chat completion', () => {
  const text: Answer = { items: [{ type: 'text', text: 'A text that is long enough to be cut somewhere.' }] }
  const streamed = async (fault: Fault) => {
    const { service, seen } = watched([{ ...text, faults: [fault] }])
    const chunks: OpenAI.ChatCompletionChunk[] = []
    let error: unknown
    try {
      for await (const chunk of await createClient(service).chat.completions.create({ ...ask, stream: true }))
        chunks.push(chunk)
    } catch (thrown) {
      error = thrown
    }
    const finish = chunks.flatMap(({ choices }) => choices.map(({ finish_reason }) => finish_reason)).at(-1)
    const outcome = seen.flatMap((event) => (event.type === 'response.end' ? [event.outcome] : []))[0]
    return { chunks, error, finish, outcome }
  }

  it.each(['nested', 'flat'] as const)(
    '%s error event: the error as the chat API spells it, no [DONE]',
    async (form) => {
      const { error, outcome } = await streamed({ kind: 'error-event', at: 5, form, code: 'server_error' })
      expect(error).toMatchObject({ code: 'server_error', type: 'server_error', param: null })
      expect(outcome).toBe('failed')
    },
  )

  it('failed, reset and garbage throw; an end that comes too soon has no finish reason', async () => {
    expect((await streamed({ kind: 'failed', at: 5, code: 'rate_limit_exceeded' })).error).toMatchObject({
      code: 'rate_limit_exceeded',
    })
    expect((await streamed({ kind: 'reset', at: 5 })).error).toBeInstanceOf(Error)
    expect((await streamed({ kind: 'garbage', at: 5, data: '<html>' })).error).toBeInstanceOf(Error)
    const { error, finish, outcome } = await streamed({ kind: 'eof', at: 99 })
    expect([error, finish, outcome]).toEqual([undefined, null, 'cut'])
  })

  it.each([
    ['max_output_tokens', 'length'],
    ['content_filter', 'content_filter'],
  ])('incomplete for %s: finish reason %s, in a stream and as JSON', async (reason, expected) => {
    const fault: Fault = { kind: 'incomplete', at: 6, reason }
    expect((await streamed(fault)).finish).toBe(expected)
    const { service } = watched([{ ...text, faults: [fault] }])
    const { choices } = await createClient(service).chat.completions.create(ask)
    expect(choices[0]?.finish_reason).toBe(expected)
  })

  it('that fails a JSON answer is an HTTP error, after which an equal request is the next attempt', async () => {
    const { service, seen } = watched([
      { ...text, faults: [{ kind: 'failed', at: 3, code: 'server_error' }] },
    ])
    await expect(createClient(service).chat.completions.create(ask)).rejects.toMatchObject({
      status: 500,
      code: 'server_error',
    })
    expect(seen.at(-1)).toMatchObject({ type: 'response.end', outcome: 'failed', status: 500 })
    const again = await createClient(service).chat.completions.create(ask)
    expect(again.choices[0]?.message.content).toBe(text.items[0]?.type === 'text' ? text.items[0].text : '')
  })

  it('any, at any place: what the watch is told of a chat request is what it is told of a response', async () => {
    const told = async (path: string, body: JsonObject, fault: Fault) => {
      const { service, seen } = watched([{ ...story, faults: [fault] }])
      const request = new Request(`http://service.test/v1${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
      })
      const response = await service.handle(request)
      await response.text().catch(() => '')
      return seen.map((event) =>
        event.type === 'stream.event'
          ? typeof event.event === 'string'
            ? event.event
            : event.event.type
          : event.type === 'response.end'
            ? event.outcome
            : event.type,
      )
    }
    const plain = { model: 'm', input: 'hi', store: false, tools: TOOLS.map((name) => toolNamed(name)) }
    await fc.assert(
      fc.asyncProperty(
        faults.filter(({ kind }) => kind !== 'stall'),
        fc.boolean(),
        async (fault, stream) => {
          const chat = await told('/chat/completions', { ...ask, stream } as unknown as JsonObject, fault)
          expect(chat).toEqual(await told('/responses', { ...plain, stream } as JsonObject, fault))
        },
      ),
      { numRuns: 200 },
    )
  })
})

function toolNamed(name: string): JsonObject {
  const parameters = { type: 'object', properties: { city: { type: 'string' } } }
  return { type: 'function', name, parameters, strict: false }
}
