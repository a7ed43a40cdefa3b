import type { Json } from '../../json.ts'
import { jsonDepth, MAX_BYTES, MAX_DEPTH, parseJsonOrUndefined } from '../../limits.ts'
import { keepPublicRequestHeaders, keepPublicResponseHeaders } from '../headers.ts'
import { decodeUtf8 } from '../parse.ts'
import { RecordingError } from '../problem.ts'
import type { RecordedSocket, Recording } from '../types.ts'
import { type Cleaner, cleanUrl } from './clean.ts'

/** One exchange as the proxy saw it, with all private data. */
export interface SeenExchange {
  method: string
  /** The path below the base URL. */
  path: string
  search: URLSearchParams
  requestHeaders: Headers
  requestBody: Uint8Array
  status: number
  responseHeaders: Headers
  responseBody: Uint8Array
  /** Why the body stopped early. Absent for a whole body. */
  cut?: 'client' | 'upstream'
  /** The WebSocket that carried the exchange. Absent for HTTP. */
  socket?: RecordedSocket
}

/** Returns the exchange without credentials and identities. Throws a `RecordingError` if it cannot be kept. */
export function buildRecording(seen: SeenExchange, upstream: string, cleaner: Cleaner): Recording {
  const place = `${seen.method} ${seen.path}`
  return {
    request: {
      method: seen.method,
      url: cleaner.cleanText(cleanUrl(upstream, seen.path, seen.search)),
      headers: cleanHeaders(keepPublicRequestHeaders(seen.requestHeaders), cleaner),
      body: cleaner.cleanJson(parseRequestBody(seen.requestBody, place)),
      recorded: true,
      ...(seen.socket && { socket: cleanSocket(seen.socket, cleaner) }),
    },
    response: {
      status: seen.status,
      headers: cleanHeaders(keepPublicResponseHeaders(seen.responseHeaders), cleaner),
      body: buildResponseBody(seen, place, cleaner),
    },
  }
}

function cleanSocket({ connection, lane }: RecordedSocket, cleaner: Cleaner): RecordedSocket {
  return { connection, ...(lane === undefined ? {} : { lane: cleaner.cleanText(lane) }) }
}

function cleanHeaders(headers: Record<string, string>, cleaner: Cleaner): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, cleaner.cleanText(value)]))
}

function parseRequestBody(bytes: Uint8Array, place: string): Json {
  const text = decodeUtf8(bytes, 'recording', `${place}: request`)
  if (text === '') return null
  const body = parseJsonOrUndefined(text)
  if (body !== undefined) return body as Json
  const depth = jsonDepth(text)
  const found = depth > MAX_DEPTH ? `${depth} levels of nesting` : 'a body that is no JSON'
  throw new RecordingError({
    file: 'recording',
    place: `${place}: request`,
    found,
    expected: `JSON, at most ${MAX_DEPTH} levels deep`,
  })
}

function buildResponseBody(
  seen: SeenExchange,
  place: string,
  cleaner: Cleaner,
): Recording['response']['body'] {
  if (seen.responseBody.byteLength > MAX_BYTES)
    throw new RecordingError({
      file: 'recording',
      place: `${place}: response`,
      found: `more than ${MAX_BYTES} bytes`,
      expected: `at most ${MAX_BYTES}`,
    })
  const text = decodeResponse(seen, place)
  const cut = seen.cut === undefined ? {} : { cut: seen.cut }
  if (/^text\/event-stream\b/i.test(seen.responseHeaders.get('content-type') ?? '')) {
    const cleaned = cleaner.cleanStream(text)
    return { sse: cleaned.text, exact: cleaned.exact, ...cut }
  }
  const json = seen.cut === undefined ? parseJsonOrUndefined(text) : undefined
  return json === undefined
    ? { text: cleaner.cleanText(text), ...cut }
    : { json: cleaner.cleanJson(json as Json) }
}

/** Decodes UTF-8 strictly and keeps a byte order mark. A cut body may end inside a character, which is left out. */
function decodeResponse({ responseBody, cut }: SeenExchange, place: string): string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  try {
    return decoder.decode(responseBody, { stream: cut !== undefined })
  } catch {
    const found = 'bytes that are not valid UTF-8'
    throw new RecordingError({
      file: 'recording',
      place: `${place}: response`,
      found,
      expected: 'UTF-8 text',
    })
  }
}
