import { readFile } from 'node:fs/promises'
import type OpenAI from 'openai'
import { readOurs } from '../mocks/recordings/formats/ours.ts'
import type { RecordingFile } from '../mocks/recordings/types.ts'
import { parseSse } from '../mocks/sse.ts'
import { type Measured, measureContestants, type RoundsSetup } from './rounds.ts'
import { bareSocketContestant, ourSocketContestant } from './sockets.ts'
import {
  aimockContestant,
  type BenchedStream,
  getResponseContestant,
  mswContestant,
  nockContestant,
  ourContestant,
  pollyContestant,
  stubContestant,
} from './streams.ts'

/** Contestants that do the same job over one transport. */
export interface StreamGroup {
  transport: string
  atOnce: number
  measured: Measured[]
}

/** Measures streams per second for each transport and its contestants, one and eight streams at a time. */
export async function benchStreams(
  path: string,
  setup: Omit<RoundsSetup, 'atOnce'>,
): Promise<{ stream: { events: number; deltas: number; bytes: number }; groups: StreamGroup[] }> {
  const stream = await readStream(path)
  const groups = {
    fetch: [
      stubContestant(stream),
      getResponseContestant(stream),
      ourContestant('fetch', stream),
      pollyContestant(stream),
    ],
    intercept: [mswContestant(stream), ourContestant('intercept', stream), nockContestant(stream)],
    http: [ourContestant('http', stream), aimockContestant(stream)],
    websocket: [bareSocketContestant(stream), ourSocketContestant(stream)],
  }
  const results: StreamGroup[] = []
  for (const atOnce of [1, 8])
    for (const [transport, contestants] of Object.entries(groups))
      results.push({
        transport,
        atOnce,
        measured: await measureContestants(contestants, { ...setup, atOnce }),
      })
  const { events, deltas, wire } = stream
  return { stream: { events, deltas, bytes: Buffer.byteLength(wire) }, groups: results }
}

/** Reads the first streamed text answer in a file of recordings. */
async function readStream(path: string): Promise<BenchedStream> {
  const [file] = readOurs(await readFile(path, 'utf8'), path)
  const recording = file?.recordings.find(({ response }) => 'sse' in response.body)
  if (file === undefined || recording === undefined || !('sse' in recording.response.body))
    throw new Error(`${path}: found no streamed recording, expected one`)
  const wire = recording.response.body.sse
  const events = parseSse(wire).map(({ data }) => JSON.parse(data) as OpenAI.Responses.ResponseStreamEvent)
  const deltas = events.filter((event) => event.type === 'response.output_text.delta')
  const only: RecordingFile = { ...file, recordings: [recording] }
  return {
    file: only,
    body: recording.request.body as never,
    wire,
    headers: recording.response.headers,
    text: deltas.map(({ delta }) => delta).join(''),
    deltas: deltas.length,
    events: events.length,
  }
}
