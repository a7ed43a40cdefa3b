import OpenAI from 'openai'
import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import { expect } from 'vitest'
import { parseEndpoint } from '../../endpoint.ts'
import { isObject, type Json, type JsonObject } from '../../json.ts'
import { parseSse } from '../../sse.ts'
import { openTransport, type TransportName } from '../../transports.ts'
import { createPlayback } from '../playback.ts'
import type { Recording, RecordingFile } from '../types.ts'

/** The number of compared exchanges, by kind. */
export type Counts = { create: number; helper: number; error: number; json: number }

/**
 * Runs `work` with a client over the playback of one file. Asserts that every recording is served and no request is
 * refused.
 */
export async function replayFile(
  name: TransportName,
  file: RecordingFile,
  work: (client: OpenAI) => Promise<void>,
): Promise<void> {
  const playback = createPlayback([file])
  const transport = await openTransport(name, playback.handlers)
  try {
    const client = new OpenAI({
      apiKey: 'sk-none',
      baseURL: transport.baseURL,
      maxRetries: 0,
      ...(transport.fetch && { fetch: transport.fetch }),
    })
    await work(client)
    expect(playback.mismatches).toEqual([])
    expect(playback.unused()).toEqual([])
  } finally {
    await transport.close()
  }
}

/** Sends the requests of a file in order and compares the answers of the SDK with the recording. */
export async function replay(client: OpenAI, file: RecordingFile, counts: Counts): Promise<void> {
  for (const recording of file.recordings) {
    if ('json' in recording.response.body) {
      await expectJson(client, recording)
      counts.json++
    } else {
      const wanted = listEvents(recording)
      const failing = wanted.findIndex(({ type }) => type === 'error')
      const { events, error } = await gather(await startStream(client, recording))
      if (failing < 0) {
        expect(error).toBeUndefined()
        expect(events).toEqual(wanted)
        counts.create++
      } else {
        expect(events).toEqual(wanted.slice(0, failing))
        expectSdkError(error, wanted[failing] as JsonObject)
        counts.error++
      }
    }
  }
}

/**
 * Does the same with `responses.stream`, for streams that begin with response.created. Each request has its own
 * playback, because a file may hold one request several times with other answers.
 */
export async function replayThroughHelper(
  name: TransportName,
  file: RecordingFile,
  counts: Counts,
): Promise<void> {
  for (const recording of file.recordings) {
    const wanted = listEvents(recording)
    if (wanted[0]?.['type'] !== 'response.created' || wanted.some(({ type }) => type === 'error')) continue
    await replayFile(name, { ...file, recordings: [recording] }, (client) =>
      expectHelper(client, recording, wanted),
    )
    counts.helper++
  }
}

function listEvents(recording: Recording): JsonObject[] {
  const { body } = recording.response
  return 'sse' in body ? parseSse(body.sse).map(({ data }) => JSON.parse(data) as JsonObject) : []
}

/** Returns the recorded body. If the request was not kept, a body that asks for a stream. */
function buildRequestBody({ request }: Recording): JsonObject {
  if (isObject(request.body)) return request.body
  return { model: 'gpt', input: 'anything', stream: true }
}

async function startStream(
  client: OpenAI,
  recording: Recording,
): Promise<AsyncIterable<ResponseStreamEvent>> {
  const { method, url } = recording.request
  if (method === 'POST')
    return client.responses.create(buildRequestBody(recording) as never) as never as Promise<
      AsyncIterable<ResponseStreamEvent>
    >
  const { path, query } = parseEndpoint(url)
  const id = path.split('/')[2] as string
  const after = query['starting_after']
  return client.responses.retrieve(id, { stream: true, starting_after: Number(after) })
}

async function gather(
  stream: AsyncIterable<ResponseStreamEvent>,
): Promise<{ events: ResponseStreamEvent[]; error?: unknown }> {
  const events: ResponseStreamEvent[] = []
  try {
    for await (const event of stream) events.push(event)
    return { events }
  } catch (error) {
    return { events, error }
  }
}

function expectSdkError(error: unknown, event: JsonObject): void {
  expect(error).toBeInstanceOf(OpenAI.APIError)
  const nested = event['error'] as JsonObject
  expect(error).toMatchObject({ code: nested['code'], type: nested['type'], param: nested['param'] ?? null })
  expect((error as Error).message).toContain(nested['message'])
}

async function expectHelper(client: OpenAI, recording: Recording, wanted: JsonObject[]): Promise<void> {
  const { stream: _, ...body } = buildRequestBody(recording)
  const stream = client.responses.stream(body as never)
  const seen: unknown[] = []
  for await (const { snapshot: _, parsed: __, ...event } of stream as AsyncIterable<Record<string, unknown>>)
    seen.push(event)
  expect(seen).toMatchObject(wanted.map(({ parsed: _, ...event }) => event))
  expect(await stream.finalResponse()).toMatchObject(wanted.at(-1)?.['response'] as JsonObject)
}

async function expectJson(client: OpenAI, recording: Recording): Promise<void> {
  const { method, url, body } = recording.request
  const { path, query } = parseEndpoint(url)
  const { status, body: recorded } = recording.response
  const wanted = 'json' in recorded ? recorded.json : null
  const sent = recording.request.recorded ? body : { model: 'gpt', input: 'anything' }
  const options = { query, ...(sent === null ? {} : { body: sent }) }
  const answer = client.request<Json>({ method: method.toLowerCase() as 'get', path, ...options })
  if (status < 400) {
    const { response, data } = await answer.withResponse()
    expect(response.status).toBe(status)
    // The SDK adds fields that it derives from the output. All other fields are those of the recording.
    expect(data).toMatchObject(wanted as JsonObject)
  } else {
    const error = await answer.then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(OpenAI.APIError)
    expect(error).toMatchObject({ status, error: (wanted as JsonObject)['error'] })
  }
}
