import { createParser } from 'eventsource-parser'
import type { JsonObject } from '../../json.ts'

/**
 * Reads the events of a streamed answer one by one, as the data of their frames. Returns how the stream ended: `end` for a
 * stream that was closed, `lost` for a connection that broke.
 */
export async function* readFrames(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<string, 'end' | 'lost', undefined> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  const frames: string[] = []
  const parser = createParser({ onEvent: ({ data }) => frames.push(data) })
  try {
    while (true) {
      const read = await reader.read().catch(() => undefined)
      if (read === undefined) return 'lost'
      if (read.done) return 'end'
      parser.feed(decoder.decode(read.value, { stream: true }))
      yield* frames.splice(0)
    }
  } finally {
    reader.cancel().catch(() => {})
  }
}

/** Returns the data of a frame with further fields. Data that is not a JSON object stays as it is. */
export function addFields(data: string, fields: JsonObject): string {
  const added = Object.entries(fields).map(
    ([name, value]) => `,${JSON.stringify(name)}:${JSON.stringify(value)}`,
  )
  if (added.length === 0 || !data.startsWith('{') || !data.endsWith('}')) return data
  return `${data.slice(0, -1)}${added.join('')}}`
}

/** Returns the data of an event of the service with another number. */
export function renumber(data: string, number: number): string {
  return data.replace(/("sequence_number":)\d+/, `$1${number}`)
}

/** Returns the id of the response that an event begins, or undefined for another event. */
export function readCreatedId(data: string): string | undefined {
  return data.startsWith('{"type":"response.created"') ? /"id":"([^"]+)"/.exec(data)?.[1] : undefined
}

/** The service writes `type` as the first field of each event. */
const TERMINAL = /^\{"type":"(response\.completed|response\.failed|response\.incomplete|error)"/

/** Returns the type of an event of the service if it ends its response. */
export function readEnding(data: string): string | undefined {
  return TERMINAL.exec(data)?.[1]
}
