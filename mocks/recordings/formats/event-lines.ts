import { z } from 'zod'
import { isObject, type Json } from '../../json.ts'
import { deriveRecordingId } from '../names.ts'
import { parseBySchema } from '../problem.ts'
import type { Recording, RecordingFile } from '../types.ts'
import { writeFrame } from './conversations.ts'
import { parseDocuments } from './documents.ts'

const EVENT_TYPE = /^(response\.[a-z0-9_.]+|error|keepalive)$/

/** An event, or an event with its name beside it. */
const Line = z.union([
  z.looseObject({ type: z.string().regex(EVENT_TYPE, 'the type of a stream event') }),
  z.strictObject({
    event: z.string().nullish(),
    data: z.looseObject({ type: z.string().regex(EVENT_TYPE, 'the type of a stream event') }),
  }),
])

/** Returns whether a value is a stream event of the Responses API. */
export function isEventLine(value: unknown): boolean {
  const event = isObject(value) && isObject(value['data']) ? value['data'] : value
  return isObject(event) && typeof event['type'] === 'string' && EVENT_TYPE.test(event['type'])
}

/**
 * Reads stream events, one JSON object per line. The requests are unknown, and the wire text is rebuilt. Each
 * `response.created` begins a new exchange.
 */
export function readEventLines(text: string, file: string): RecordingFile[] {
  const streams: string[][] = []
  for (const [index, value] of parseDocuments(text, file).values.entries()) {
    const line = parseBySchema(Line, value, file, `event ${index + 1}: $`)
    const data = ('data' in line && isObject(line.data) ? line.data : line) as { type: string }
    if (streams.length === 0 || data.type === 'response.created') streams.push([])
    streams.at(-1)?.push(writeFrame({ event: data.type, data: data as unknown as Json }))
  }
  const recordings = streams.map(
    (frames): Recording => ({
      request: { method: 'POST', url: '/v1/responses', headers: {}, body: null, recorded: false },
      response: { status: 200, headers: {}, body: { sse: frames.join(''), exact: false } },
    }),
  )
  return [{ schema: 1, id: deriveRecordingId(file), recordings }]
}
