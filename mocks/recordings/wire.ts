import type { BodyAct } from '../body.ts'
import type { Cut, RecordedResponse } from './types.ts'

/** Headers of one connection, and headers about bytes that playback writes in another way. */
const DROPPED: ReadonlySet<string> = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304])

/** Returns the headers for serving a recorded response. Names and values that HTTP does not allow are left out. */
export function buildPlaybackHeaders(response: RecordedResponse): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(response.headers)) {
    if (DROPPED.has(name.toLowerCase())) continue
    try {
      headers.set(name, value)
    } catch {
      // The header is not legal, so that the recording did not come from HTTP.
    }
  }
  if (!headers.has('content-type')) headers.set('content-type', chooseContentType(response))
  // Without it MSW turns an error in a body into a clean end.
  if ('sse' in response.body) headers.set('transfer-encoding', 'chunked')
  return headers
}

function chooseContentType({ body }: RecordedResponse): string {
  if ('sse' in body) return 'text/event-stream; charset=utf-8'
  return 'json' in body ? 'application/json' : 'text/plain; charset=utf-8'
}

/** Returns the acts of a recorded body: one per frame of a stream, one for any other body, then the end. */
export function buildBodyActs({ status, body }: RecordedResponse): BodyAct[] | null {
  if (WITHOUT_BODY.has(status)) return null
  const encoder = new TextEncoder()
  const sends: BodyAct[] = splitBody(body).map((text) => ({ send: encoder.encode(text) }))
  const cut = 'cut' in body ? body.cut : undefined
  return [...sends, cut === undefined ? 'end' : CUT_ENDS[cut]]
}

/**
 * How playback ends a body that stops early. After a client left, the rest is unknown, so that nothing more is sent.
 */
const CUT_ENDS: Readonly<Record<NonNullable<Cut>, BodyAct>> = { client: 'stall', upstream: 'reset' }

function splitBody(body: RecordedResponse['body']): string[] {
  if ('sse' in body) return splitFrames(body.sse)
  return ['json' in body ? JSON.stringify(body.json) : body.text]
}

/** Splits the text of an event stream after each blank line. The joined pieces equal the text. */
export function splitFrames(text: string): string[] {
  return text.match(/[\s\S]*?(?:\r\n|\n|\r(?!\n))(?:\r\n|\n|\r(?!\n))|[\s\S]+$/g) ?? []
}
