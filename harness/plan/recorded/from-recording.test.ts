import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../mocks/json.ts'
import type { Recording, RecordingFile } from '../../../mocks/recordings/types.ts'
import { message } from '../../../mocks/testing/streamed-items.ts'
import { buildStream } from '../../../mocks/testing/streams.ts'
import { findContradiction } from '../contradiction.ts'
import { listSmallerPlans } from '../smaller.ts'
import type { Plan } from '../types.ts'
import { buildPlansFromRecording } from './from-recording.ts'

const tools = [{ type: 'function', name: 'get_weather', parameters: { type: 'object', properties: {} } }]
const user = { role: 'user', content: 'What is the weather?' }
const call = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'get_weather', arguments: '{}' }
const result = { type: 'function_call_output', call_id: 'call_1', output: 'rain' }
const said = {
  type: 'message',
  id: 'msg_1',
  role: 'assistant',
  content: [{ type: 'output_text', text: 'It rains.' }],
}

function exchange(body: JsonObject, output: JsonObject[], id = 'resp_1'): Recording {
  return {
    request: {
      method: 'POST',
      url: 'https://upstream.invalid/v1/responses',
      headers: {},
      body: { tools, ...body },
      recorded: true,
    },
    response: {
      status: 200,
      headers: {},
      body: { json: { id, object: 'response', status: 'completed', output } },
    },
  }
}

function file(...recordings: Recording[]): RecordingFile {
  return { schema: 1, id: 'made-by-hand', recordings }
}

function response(body: JsonObject): Recording['response'] {
  return {
    status: 200,
    headers: {},
    body: { json: { id: 'resp_1', object: 'response', output: [], ...body } },
  }
}

/** Returns a stream with events of these types. */
function sse(...types: string[]): Recording['response'] {
  const code = 'rate_limit_exceeded'
  const object = { id: 'resp_1', object: 'response', output: [] }
  const data: Record<string, JsonObject> = {
    'response.created': { response: { ...object, status: 'in_progress' } },
    'response.in_progress': { response: { ...object, status: 'in_progress' } },
    'response.output_item.done': { item: said },
    error: { code },
    'response.failed': { response: { ...object, status: 'failed', error: { code } } },
  }
  const text = types.map((type) => `event: ${type}\ndata: ${JSON.stringify({ type, ...data[type] })}\n\n`)
  return { status: 200, headers: {}, body: { sse: text.join(''), exact: true } }
}

describe('what a file of recordings gives', () => {
  const twoTurns = file(
    exchange({ instructions: 'Be brief.', input: [user] }, [call]),
    exchange({ instructions: 'Be brief.', input: [user, call, result] }, [said], 'resp_2'),
    exchange(
      { input: [user, call, result, said, { role: 'user', content: 'And tomorrow?' }] },
      [said],
      'resp_3',
    ),
  )

  it('is an agent with instructions, tools and their results, the turns and the answers', () => {
    const { plans, inexpressible } = buildPlansFromRecording(twoTurns)
    expect(inexpressible).toEqual([])
    expect(plans.map(({ name }) => name)).toEqual([
      'conversation 0, session history',
      'conversation 0, session previous-response',
    ])
    const [{ plan } = {}] = plans
    expect(plan).toMatchObject({
      seed: 'made-by-hand',
      team: [
        {
          instructions: 'Be brief.',
          tools: [{ name: 'get_weather', does: [{ kind: 'return', value: 'rain' }] }],
        },
      ],
    })
    expect(plan?.conversations[0]?.turns).toMatchObject([
      {
        say: 'What is the weather?',
        answers: [
          { items: [{ type: 'call', tool: 'get_weather', args: {} }] },
          { items: [{ type: 'text', text: 'It rains.' }] },
        ],
        recorded: [{ context: [user], tools }, { context: [user, call, result] }],
      },
      {
        say: 'And tomorrow?',
        answers: [{ items: [{ type: 'text', text: 'It rains.' }] }],
        recorded: [{ context: { length: 5 } }],
      },
    ])
  })

  it('has recorded requests only for turns in which the client sent its whole conversation', () => {
    const again = { role: 'user', content: 'And tomorrow?' }
    const recordedOf = (...recordings: Recording[]) =>
      buildPlansFromRecording(file(...recordings)).plans[0]?.plan.conversations[0]?.turns.map(
        ({ recorded }) => recorded?.length,
      )
    const first = exchange({ input: [user] }, [said])
    expect(recordedOf(first, exchange({ input: [user, said, again] }, [said], 'resp_2'))).toEqual([1, 1])
    expect(
      recordedOf(first, exchange({ input: [again], previous_response_id: 'resp_1' }, [said], 'resp_2')),
    ).toEqual([1, 1])
    expect(recordedOf(first, exchange({ input: [said, again] }, [said], 'resp_2'))).toEqual([1, undefined])
    expect(recordedOf(first, exchange({ input: [user, said, again], tools: [] }, [said], 'resp_2'))).toEqual([
      1,
      undefined,
    ])
  })

  it.each<[string, Recording['response'], object]>([
    [
      'a refusal, at each attempt of a client',
      { status: 429, headers: {}, body: { json: { error: { code: 'insufficient_quota' } } } },
      { items: [], faults: Array(3).fill({ kind: 'http', status: 429, code: 'insufficient_quota' }) },
    ],
    [
      'a failed response',
      response({ status: 'failed', error: { code: 'server_error' } }),
      { items: [], faults: [{ kind: 'failed', at: 2, code: 'server_error' }] },
    ],
    [
      'an incomplete response',
      response({
        status: 'incomplete',
        incomplete_details: { reason: 'content_filter' },
        output: [{ ...call, arguments: '{"ci' }],
      }),
      {
        items: [{ type: 'call', tool: 'get_weather', args: '{"ci' }],
        faults: [{ kind: 'incomplete', at: 100_000, reason: 'content_filter' }],
      },
    ],
    [
      'an error event',
      sse('response.created', 'response.in_progress', 'error', 'response.failed'),
      { items: [], faults: [{ kind: 'error-event', at: 2, form: 'flat', code: 'rate_limit_exceeded' }] },
    ],
    [
      'a stream that was cut',
      sse('response.created', 'response.in_progress', 'response.output_item.done'),
      { items: [{ type: 'text', text: 'It rains.' }], faults: [{ kind: 'eof', at: 100_000 }] },
    ],
  ])('has %s as a fault of its answer', (_, given, answer) => {
    const stream = 'sse' in given.body
    const { plans } = buildPlansFromRecording(
      file({ ...exchange({ input: [user], stream }, []), response: given }),
    )
    expect(plans[0]?.plan.conversations[0]?.turns[0]?.answers).toEqual([answer])
    for (const { plan } of plans) expect(findContradiction(plan)).toBeUndefined()
  })

  it('reads items from their own events if the last event of the stream lacks them', () => {
    const events = buildStream({ items: [message('msg_1', [{ text: 'It rains.' }])] }).map(
      ({ data }) => data as JsonObject,
    )
    const terminal = events.at(-1) as JsonObject
    const emptied: JsonObject = {
      ...terminal,
      response: { ...(terminal['response'] as JsonObject), output: [] },
    }
    const sse = [...events.slice(0, -1), emptied]
      .map((data) => `event: ${String(data['type'])}\ndata: ${JSON.stringify(data)}\n\n`)
      .join('')
    const plain = exchange({ input: [user], stream: true }, [])
    const { plans } = buildPlansFromRecording(
      file({ ...plain, response: { ...plain.response, body: { sse, exact: true } } }),
    )
    expect(plans[0]?.plan.conversations[0]?.turns[0]?.answers).toEqual([
      { items: [{ type: 'text', text: 'It rains.' }] },
    ])
  })

  it('is one conversation for each thread, without `previous-response` if nothing was stored', () => {
    const { plans } = buildPlansFromRecording(
      file(
        exchange({ input: [user], store: false }, [said]),
        exchange({ input: 'Something else' }, [said], 'resp_2'),
      ),
    )
    expect(plans.map(({ name }) => name)).toEqual([
      'conversation 0, session history',
      'conversation 1, session history',
      'conversation 1, session previous-response',
    ])
    expect(plans.map(({ plan }) => plan.conversations[0]?.store)).toEqual([false, true, true])
  })

  it('keeps recorded requests in smaller plans only while they are valid', () => {
    const { plans } = buildPlansFromRecording(twoTurns)
    const recorded = ({ conversations }: Plan) =>
      conversations.flatMap(({ turns }) => turns.map(({ recorded }) => recorded !== undefined))
    for (const { plan } of plans) {
      const smallerOnes = [...listSmallerPlans(plan)]
      expect(smallerOnes.map(recorded)).toContainEqual([true])
      expect(smallerOnes.map(recorded)).toContainEqual([false, false])
      for (const less of smallerOnes)
        for (const [index, turn] of (less.conversations[0]?.turns ?? []).entries())
          if (turn.recorded) {
            expect(less.team).toEqual(plan.team)
            expect(turn).toEqual(plan.conversations[0]?.turns[index])
          }
    }
  })

  it.each<[string, Recording[]]>([
    ['the recording runs in the background', [exchange({ input: [user], background: true }, [said])]],
    [
      'the recording continues a response that only its WebSocket kept',
      [exchange({ input: [user], store: false, previous_response_id: 'resp_1' }, [said])].map((one) => ({
        ...one,
        request: { ...one.request, socket: { connection: 0 } },
      })),
    ],
    ['the recording warms up a WebSocket', [exchange({ input: [user], generate: false }, [])]],
    [
      'the recording offers a tool of type web_search',
      [exchange({ input: [user], tools: [{ type: 'web_search' }] }, [said])],
    ],
    [
      'the first recorded request already contains answers of the model',
      [exchange({ input: [user, said, user] }, [said])],
    ],
    [
      'a recorded request has both a user message and a tool result',
      [
        exchange({ input: [user] }, [call]),
        exchange({ input: [user, call, result, user] }, [said], 'resp_2'),
      ],
    ],
    [
      'only some requests of a recorded turn are streamed',
      [
        exchange({ input: [user] }, [call]),
        exchange({ input: [user, call, result], stream: true }, [said], 'resp_2'),
      ],
    ],
    [
      'the recording calls sing, which no recorded request offers',
      [exchange({ input: [user] }, [{ ...call, name: 'sing' }])],
    ],
    [
      'the requests were not recorded',
      [{ ...exchange({ input: [user] }, [said]), request: { ...exchange({}, []).request, recorded: false } }],
    ],
  ])('is left out where %s', (reason, recordings) => {
    const { plans, inexpressible } = buildPlansFromRecording(file(...recordings))
    expect(inexpressible).toEqual([reason])
    expect(plans).toEqual([])
  })
})
