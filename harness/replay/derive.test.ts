import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../mocks/json.ts'
import type { Recording, RecordingFile } from '../../mocks/recordings/types.ts'
import { message } from '../../mocks/testing/streamed-items.ts'
import { streamOf } from '../../mocks/testing/streams.ts'
import { derive } from './derive.ts'

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

describe('what a file of recordings gives', () => {
  it('is an agent with its instructions, its tools and what they returned, and the turns', () => {
    const { replays, inexpressible } = derive(
      file(
        exchange({ instructions: 'Be brief.', input: [user] }, [call]),
        exchange({ instructions: 'Be brief.', input: [user, call, result] }, [said], 'resp_2'),
        exchange(
          { input: [user, call, result, said, { role: 'user', content: 'And tomorrow?' }] },
          [said],
          'resp_3',
        ),
      ),
    )
    expect(inexpressible).toEqual([])
    expect(replays).toHaveLength(1)
    const [replay] = replays
    expect(replay?.agent).toMatchObject({
      instructions: 'Be brief.',
      tools: [{ name: 'get_weather', does: [{ kind: 'return', value: 'rain' }] }],
    })
    expect(replay?.turns.map(({ say, exchanges }) => [say, exchanges.length])).toEqual([
      ['What is the weather?', 2],
      ['And tomorrow?', 1],
    ])
    expect(replay?.sessions).toEqual(['history', 'previous-response'])
  })

  it('needs a client that reads items from their own events where the stream ends without them', () => {
    const events = streamOf({ items: [message('msg_1', [{ text: 'It rains.' }])] }).map(
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
    const { replays } = derive(
      file({ ...plain, response: { ...plain.response, body: { sse, exact: true } } }),
    )
    expect(replays.map(({ needs }) => needs)).toEqual([['items-from-events']])
  })

  it('is one conversation for each thread, and no chain where nothing was stored', () => {
    const { replays } = derive(
      file(
        exchange({ input: [user], store: false }, [said]),
        exchange({ input: 'Something else' }, [said], 'resp_2'),
      ),
    )
    expect(replays.map(({ sessions }) => sessions)).toEqual([['history'], ['history', 'previous-response']])
  })

  it.each<[string, Recording[]]>([
    ['it runs in the background', [exchange({ input: [user], background: true }, [said])]],
    [
      'it offers a tool of type web_search',
      [exchange({ input: [user], tools: [{ type: 'web_search' }] }, [said])],
    ],
    [
      'its first request already carries answers of the model',
      [exchange({ input: [user, said, user] }, [said])],
    ],
    [
      "a user message travels with a tool's result in one request",
      [
        exchange({ input: [user] }, [call]),
        exchange({ input: [user, call, result, user] }, [said], 'resp_2'),
      ],
    ],
    [
      'a turn of it is streamed in part',
      [
        exchange({ input: [user] }, [call]),
        exchange({ input: [user, call, result], stream: true }, [said], 'resp_2'),
      ],
    ],
    [
      'it calls sing, which no request of it offers',
      [exchange({ input: [user] }, [{ ...call, name: 'sing' }])],
    ],
    [
      'its requests were not recorded',
      [{ ...exchange({ input: [user] }, [said]), request: { ...exchange({}, []).request, recorded: false } }],
    ],
  ])('is left out where %s', (reason, recordings) => {
    const { replays, inexpressible } = derive(file(...recordings))
    expect(inexpressible).toEqual([reason])
    expect(replays).toEqual([])
  })
})
