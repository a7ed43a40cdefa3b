import type { JsonObject } from '../../json.ts'

/**
 * Reads the messages of a streamed answer one by one. Returns how the stream ended: `end` for a stream that was closed, `lost` for a
 * connection that broke.
 */
export async function* readMessages(
  body: ReadableStream<unknown>,
): AsyncGenerator<string, 'end' | 'lost', undefined> {
  const reader = body.getReader()
  try {
    while (true) {
      const read = await reader.read().catch(() => undefined)
      if (read === undefined) return 'lost'
      if (read.done) return 'end'
      // The first chunk is empty: it sends the head of an HTTP answer.
      if (typeof read.value === 'string') yield read.value
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
